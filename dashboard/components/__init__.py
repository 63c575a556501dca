"""Pieces of pages, made of Streamlit's own elements."""
