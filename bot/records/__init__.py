"""What is kept: escalations, drafts, risk alerts, and who did what when.

`migrate.upgrade(url)` brings a database up to date and `database.open_database(url)` opens it.
Every function of `store`, `drafts`, `alerts`, `preparation`, `post`, `mailboxes` and `audit` takes
a session, which is one transaction: nothing may be told as recorded before `Database.session()` has
ended.
"""
