"""The pages: thin files that choose queries, components and charts."""
