"""An article out of a web page: title, date, publisher, body, each with its evidence."""
