"""The charts that fit each area: functions of the publication and the business unit."""
