"""Where a user's things are: the workspace folder, the settings, the campaign files."""
