"""Joins the domain's words to its contract, and stops training where something is broken."""

from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter

RESPONSES = Path(__file__).parent / "responses"


class DomainImporter(RasaFileImporter):
    """Reads the domain file, then every file of responses.

    The words stay outside `data/`: Rasa reads responses there as NLU data, and a changed word
    would retrain the classifier.
    """

    def get_domain(self) -> Domain:
        """The domain file merged with its responses.

        Raises:
            YamlException: a file cannot be read. Rasa's own importer would only warn and train
                an empty assistant.
        """
        if self._domain_path is None:
            raise FileNotFoundError("There is no domain file to read. Run from the project folder.")
        domain = Domain.load(self._domain_path)
        # One by one: of a whole folder Rasa leaves out what it cannot read, with a warning only.
        for path in sorted(RESPONSES.glob("*.yml")):
            domain = domain.merge(Domain.load(path))
        return domain
