"""Reading an answer as a person does: its words, and where its links lead."""

import re


def text_of(answer):
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).replace("&#34;", '"').split())


def links_of(answer):
    """The addresses of every link, as a browser reads them."""
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', answer.get_data(as_text=True))]
