"""What every database of ours stands on: engines, migrations, transactions. It knows no table."""
