import pytest
import torch

from models.packing import packed, unpacked
from tests.models.tiny import tiny_tokenizer


def test_encoders_come_back_within_a_hundredth_and_all_else_as_in_half_precision() -> None:
    tensors = tiny_tokenizer().state_dict()
    back = unpacked(packed(tensors))
    assert set(back) == set(tensors)
    for name, tensor in tensors.items():
        if ".encoder." in name and tensor.ndim >= 2:
            greatest = tensor.flatten(1).abs().amax(1)
            assert ((back[name] - tensor).flatten(1).abs().amax(1) <= greatest / 254 + 1e-7).all()
        else:
            assert torch.equal(back[name], tensor.half().float())


def test_encoders_take_a_byte_a_weight() -> None:
    stored = packed({"tokenizer.upper.encoder.out.weight": torch.randn(8, 64, 3), "generator.norm.bias": torch.ones(4)})
    assert stored["tokenizer.upper.encoder.out.weight"].dtype == torch.int8
    assert stored["generator.norm.bias"].dtype == torch.float16


def test_rows_of_zeros_and_weights_of_older_models_are_read() -> None:
    back = unpacked(packed({"a.encoder.weight": torch.zeros(3, 4)}))
    assert torch.equal(back["a.encoder.weight"], torch.zeros(3, 4))
    older = {"a.encoder.weight": torch.randn(3, 4).half()}
    assert torch.equal(unpacked(older)["a.encoder.weight"], older["a.encoder.weight"].float())


def test_a_scale_that_is_missing_is_noticed() -> None:
    stored = packed({"a.encoder.weight": torch.randn(3, 4)})
    del stored["a.encoder.weight.scale"]
    with pytest.raises(KeyError):
        unpacked(stored)
