"""What pages ask of the published file: one function a question, text of SQL and bound values, no connection."""
