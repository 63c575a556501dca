"""The weekly pack: one content, computed once, and four renderers of it. No Streamlit: the command line makes packs."""
