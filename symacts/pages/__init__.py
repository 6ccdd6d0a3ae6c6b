"""The catalogue as pages: Markdown, HTML for its slots, and navigation.

`make_pages` is all that a site needs; `write_markdown` is the way out to any other generator.
Python decides what is said and `templates/pages` how it is arranged.
"""

from symacts.pages.assembly import SitePages, make_pages
from symacts.pages.dump import write_markdown
from symacts.pages.slots import fill

__all__ = ["SitePages", "fill", "make_pages", "write_markdown"]
