"""Charts as plain dictionaries (Plotly) and as small SVG pictures. Nothing here knows Streamlit or the database."""
