"""The sample company: a deterministic generator of fictitious, dirty Brazilian exports with planted stories."""
