"""All policies of one folder: found by id, by version, by the names people give them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.policy.load import content_hash, load
from bot.policy.model import Policy
from bot.policy.problems import PolicyError, Problem, nearest


class UnknownPolicyError(LookupError):
    """No policy of that name: says which there are."""


@dataclass(frozen=True)
class Library:
    """The policies of a folder: `<partnership>/<version>.yml`."""

    versions: Mapping[str, tuple[Policy, ...]]

    def __iter__(self) -> Iterator[Policy]:
        return (versions[-1] for versions in self.versions.values())

    def get(self, id_: str, label: str | None = None) -> Policy:
        """The newest version of a policy, or the version with that label.

        Raises:
            UnknownPolicyError: there is none; the message lists what there is.
        """
        if id_ not in self.versions:
            raise UnknownPolicyError(
                f"Found {id_!r}, which is no policy here. Allowed: {', '.join(self.versions)}. "
                f"{nearest(id_, self.versions)}".strip()
            )
        if label is None:
            return self.versions[id_][-1]
        for policy in self.versions[id_]:
            if policy.document.label == label:
                return policy
        labels = ", ".join(policy.document.label for policy in self.versions[id_])
        raise UnknownPolicyError(f"{id_} has no version {label!r}. Allowed: {labels}.")

    def newer_than(self, policy: Policy) -> Policy | None:
        """The newest version of a policy, unless `policy` is that one.

        Raises:
            UnknownPolicyError: there is no policy of that name.
        """
        newest = self.get(policy.id)
        return newest if newest.document.label != policy.document.label else None

    def questions_of(self, policy: Policy) -> tuple[Policy, bool]:
        """The policy whose reflective questions serve `policy`, and whether they are borrowed."""
        if policy.borrow_questions_from is None:
            return policy, False
        return self.get(policy.borrow_questions_from), True

    @cached_property
    def names(self) -> Mapping[str, Policy]:
        """Every name by which people call a partnership, in small letters."""
        return {
            name.casefold(): policy
            for policy in self
            for name in (policy.id, policy.publisher, *policy.aliases)
        }

    @cached_property
    def hashes(self) -> Mapping[tuple[str, str], str]:
        """The content hash of every version, by policy id and version label."""
        return {
            (policy.id, policy.document.label): content_hash(policy)
            for versions in self.versions.values()
            for policy in versions
        }


def load_library(folder: Path) -> Library:
    """Every policy below `folder`; the newest version of each is the one offered.

    Raises:
        PolicyError: a file is refused, stands in the wrong folder, or two share a version.
    """
    found: dict[str, list[Policy]] = {}
    for path in sorted(folder.glob("*/*.yml")):
        policy = load(path)
        if policy.id != path.parent.name:
            what = f"found {policy.id!r} in the folder {path.parent.name!r}"
            raise PolicyError(path, [Problem(("id",), 1, what, remedy="Give both one name.")])
        versions = found.setdefault(policy.id, [])
        if any(other.document.label == policy.document.label for other in versions):
            what = f"a second file for version {policy.document.label!r}"
            raise PolicyError(path, [Problem(("document", "label"), 1, what)])
        if any(other.document.issued == policy.document.issued for other in versions):
            when = policy.document.issued or "no date"
            what = f"a second version with {when} as its date of issue: neither is the newer one"
            raise PolicyError(path, [Problem(("document", "issued"), 1, what)])
        versions.append(policy)
    if not found:
        raise UnknownPolicyError(f"No policy in {folder}: expected {folder}/<partnership>/*.yml.")
    library = Library(
        {
            id_: tuple(sorted(versions, key=lambda policy: policy.document.issued or ""))
            for id_, versions in found.items()
        }
    )
    for policy in library:
        library.questions_of(policy)
    return library
