"""The script that Streamlit runs for every visitor, again at each click. `quarry console` starts it."""

import streamlit as st

from assistant.console.views.ask import ask_page
from assistant.console.views.evals import evals_page
from assistant.console.views.knowledge import knowledge_page
from assistant.console.views.quality import quality_page
from assistant.console.views.review import review_page
from assistant.console.visitor import visitor
from assistant.console.workplace import opened, told

st.set_page_config(page_title="Quarry", page_icon=":material/stacks:", layout="wide")


def main() -> None:
    """The pages that this visitor may see."""
    who = visitor()
    if who is None:
        return
    pages = [st.Page(ask_page, title="Ask", icon=":material/chat:", url_path="ask", default=True)]
    if who.owner:
        waiting = opened().feedback.queue.size()
        title = f"Review ({waiting})" if waiting else "Review"
        pages.append(st.Page(review_page, title=title, icon=":material/rule:", url_path="review"))
    pages += [
        st.Page(quality_page, title="Quality", icon=":material/monitoring:", url_path="quality"),
        st.Page(knowledge_page, title="Knowledge", icon=":material/menu_book:", url_path="knowledge"),
        st.Page(evals_page, title="Evals", icon=":material/fact_check:", url_path="evals"),
    ]
    with told():
        st.navigation(pages).run()


main()
