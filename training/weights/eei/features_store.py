"""What nodes are described by, behind PyG's feature store."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch_geometric.data import FeatureStore, TensorAttr


class MemoryFeatureStore(FeatureStore):
    """One tensor a node type and name, its first dimension the node's code."""

    def __init__(self, tensors: dict[tuple[str, str], Tensor]) -> None:
        super().__init__()
        self._tensors = tensors

    def get_all_tensor_attrs(self) -> list[TensorAttr]:
        """Every tensor's node type and name."""
        return [TensorAttr(group, name) for group, name in self._tensors]

    def _get_tensor(self, attr: TensorAttr) -> Any:
        tensor = self._tensors.get((attr.group_name, attr.attr_name))
        return tensor if tensor is None or attr.index is None else tensor[attr.index]

    def _get_tensor_size(self, attr: TensorAttr) -> tuple[int, ...]:
        return tuple(self._tensors[(attr.group_name, attr.attr_name)].shape)

    def _put_tensor(self, tensor: Any, attr: TensorAttr) -> bool:
        return False  # what is trained on does not change

    def _remove_tensor(self, attr: TensorAttr) -> bool:
        return False
