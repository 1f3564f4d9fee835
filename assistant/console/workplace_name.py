"""How `quarry console` names the workspace to the script that Streamlit runs."""

WORKSPACE = "QUARRY_CONSOLE_WORKSPACE"
