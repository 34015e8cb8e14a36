"""Pages as a browser shows them: a picture and a PDF of each, beside the page itself."""
