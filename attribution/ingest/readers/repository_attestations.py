"""Attestations kept inside a git repository: gittuf's own references, and notes on commits.

Places are `REF:PATH`, with ` line N` behind for one of several on a note.
Sources: https://github.com/gittuf/gittuf/blob/main/docs/design-document.md,
https://github.com/slsa-framework/slsa-source-poc/blob/main/docs/DESIGN.md#attestation-storage and
https://git-scm.com/docs/git-notes
"""

from __future__ import annotations

from attribution.ingest.git import Repository
from attribution.ingest.intake import Intake

_NOTES = "refs/notes"
_AUTHORSHIP = frozenset({"refs/notes/ai"})
"""Notes that say who wrote which line (git-ai); they are read where authorship is."""


def read_attestations(repository: Repository, intake: Intake) -> None:
    """Give the intake every attestation that a repository keeps beside its history."""
    references = repository.run(
        "for-each-ref", "--sort=refname", "--format=%(refname)", _NOTES, "refs/gittuf"
    ).split()
    if _AUTHORSHIP.issuperset(references):
        return
    # With the readers of statements: most repositories keep none.
    from attribution.ingest.readers.attestation_notes import read_notes
    from attribution.ingest.readers.gittuf_repository import read_gittuf

    with repository.objects() as objects:
        read_gittuf(repository, objects, frozenset(references), intake)
        for reference in references:
            if reference.startswith(f"{_NOTES}/") and reference not in _AUTHORSHIP:
                read_notes(repository, objects, reference, intake)
