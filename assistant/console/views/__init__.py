"""The pages. Of a folder named `pages` Streamlit would serve each file by itself, beside the app."""
