"""The published file, shown to people: pages, components and charts."""
