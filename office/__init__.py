"""What people write: annotations, saved queries, histories, journals of runs and deliveries. One SQLite file."""
