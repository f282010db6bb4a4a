"""The case manifest: reading it, checking it, and writing to it without losing a comment."""

from attribution.schema.editor import ManifestEditor
from attribution.schema.evidence import evidence_path, missing_evidence
from attribution.schema.manifest import load_manifest, parse_manifest
from attribution.schema.problems import InvalidManifestError, Problem

__all__ = [
    "InvalidManifestError",
    "ManifestEditor",
    "Problem",
    "evidence_path",
    "load_manifest",
    "missing_evidence",
    "parse_manifest",
]
