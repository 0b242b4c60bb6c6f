"""For every test: let Python keep what it compiled, also for the programs that the tests start.

Where PYTHONDONTWRITEBYTECODE is set, each start would compile all of Rasa anew, for as long as
everything else in it takes.
"""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
