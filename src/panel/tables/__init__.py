"""Tables of results and of data, written as LaTeX, Word, Excel, HTML, Markdown, typst and CSV."""
