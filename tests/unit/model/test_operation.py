from __future__ import annotations

import pytest

from attribution.model.operation import verb_of


@pytest.mark.parametrize(
    ("operation", "verb"),
    [
        ("DeleteVolume", "DeleteVolume"),
        ("v1.compute.disks.delete", "Delete"),
        ("google.cloud.sql.v1.SqlInstancesService.Delete", "Delete"),
        ("Microsoft.Compute/virtualMachines/deallocate/action", "Deallocate"),
        ("MICROSOFT.COMPUTE/DISKS/DELETE", "Delete"),
        ("persistentvolumeclaims.deletecollection", "Deletecollection"),
        ("SetIamPolicy", "SetIamPolicy"),
        ("productVariantsBulkDelete", "DeleteProductVariantsBulk"),
        ("environmentCreate", "CreateEnvironment"),
        ("deleteEnvironment", "DeleteEnvironment"),
        ("undoDelete", "UndoDelete"),
        ("cancelProjectDelete", "CancelProjectDelete"),
        ("", ""),
    ],
)
def test_the_verb_of_an_operation_is_found_in_each_clouds_way_of_naming_it(
    operation: str, verb: str
) -> None:
    assert verb_of(operation) == verb
