import math

import pytest
import torch

from models.blocks.attention import WindowAttention
from models.blocks.conv import CausalConv1d, CausalResidual, CausalUpsample
from models.blocks.fsq import FSQ
from models.blocks.mamba import Mamba, linear_recurrence

# Chunks and whole sequences add the same numbers in another order.
ATOL = 2e-5


@pytest.mark.parametrize("levels", [(7, 5, 5, 5, 5), (8, 6, 4), (2, 3)])
def test_fsq_codes_of_its_digits_are_what_it_quantised_to(levels: tuple[int, ...]) -> None:
    fsq = FSQ(levels)
    codes, digits = fsq(torch.randn(4, 100, len(levels)) * 3)
    torch.testing.assert_close(fsq.codes(digits), codes)
    assert codes.abs().max() <= 1
    for index, count in enumerate(levels):
        assert sorted(digits[..., index].unique().tolist()) == list(range(count))


def test_fsq_passes_its_gradient_straight_through() -> None:
    z = torch.randn(8, 5, requires_grad=True)
    FSQ((7, 5, 5, 5, 5))(z)[0].sum().backward()
    assert z.grad is not None
    assert (z.grad.abs() > 0).all()


@pytest.mark.parametrize(
    "layer", [CausalConv1d(3, 5, 3, 2), CausalResidual(3, 3), CausalUpsample(3, 4), CausalConv1d(3, 3, 1)]
)
@pytest.mark.parametrize("chunks", [(1,) * 12, (5, 7), (1, 2, 3, 6)])
def test_causal_layers_are_the_same_whole_and_in_chunks(layer: torch.nn.Module, chunks: tuple[int, ...]) -> None:
    x = torch.randn(2, 3, 12)
    cache = layer.initial_cache(2)
    made = []
    for part in x.split(list(chunks), dim=-1):
        y, cache = layer.forward_chunk(part, cache)
        made.append(y)
    torch.testing.assert_close(torch.cat(made, -1), layer(x), atol=ATOL, rtol=0)


def test_causal_layers_do_not_see_the_future() -> None:
    x = torch.randn(1, 3, 12, requires_grad=True)
    CausalUpsample(3, 4)(CausalResidual(3, 2)(x))[..., 9].sum().backward()
    assert x.grad is not None
    assert (x.grad[..., 5:] == 0).all()
    assert (x.grad[..., 4] != 0).any()


def test_linear_recurrence_is_its_definition_and_its_gradient_is_right() -> None:
    a = (torch.rand(7, 2, 3, dtype=torch.float64)).requires_grad_()
    b = torch.randn(7, 2, 3, dtype=torch.float64, requires_grad=True)
    h = torch.zeros(2, 3, dtype=torch.float64)
    expected = []
    for t in range(7):
        h = a[t] * h + b[t]
        expected.append(h)
    torch.testing.assert_close(linear_recurrence(a, b), torch.stack(expected))
    assert torch.autograd.gradcheck(linear_recurrence, (a, b))


def test_mamba_is_the_reference_formula() -> None:
    """Algorithm 2 of Gu & Dao 2023, written out token by token from the parameters."""
    torch.manual_seed(1)
    layer = Mamba(6, state=3).requires_grad_(False)
    x = torch.randn(1, 5, 6)
    u, z = torch.split(x @ layer.in_proj.weight.T, layer.inner, dim=-1)
    h = torch.zeros(layer.inner, 3)
    expected = []
    for t in range(5):
        window = [u[0, t - k] if t >= k else torch.zeros(layer.inner) for k in (3, 2, 1, 0)]
        taps = layer.conv1d.weight[:, 0]
        v = sum(window[k] * taps[:, k] for k in range(4)) + layer.conv1d.bias
        v = v * torch.sigmoid(v)
        low, b, c = torch.split(layer.x_proj.weight @ v, [layer.rank, 3, 3])
        delta = torch.log1p(torch.exp(layer.dt_proj.weight @ low + layer.dt_proj.bias))
        for d in range(layer.inner):
            for n in range(3):
                a = -math.exp(float(layer.A_log[d, n]))
                h[d, n] = torch.exp(delta[d] * a) * h[d, n] + delta[d] * b[n] * v[d]
        y = h @ c + layer.D * v
        gate = z[0, t] * torch.sigmoid(z[0, t])
        expected.append(layer.out_proj.weight @ (y * gate))
    torch.testing.assert_close(layer(x)[0][0], torch.stack(expected), atol=ATOL, rtol=1e-4)


@pytest.mark.parametrize("split", [0, 1, 2, 9])
def test_mamba_steps_go_on_where_a_sequence_ended(split: int) -> None:
    layer = Mamba(8, state=4, expand=1).eval()
    x = torch.randn(2, 12, 8)
    whole, last = layer(x)
    cache = layer.initial_cache(2) if split == 0 else layer(x[:, :split])[1]
    made = []
    for t in range(split, 12):
        y, cache = layer.step(x[:, t], cache)
        made.append(y)
    torch.testing.assert_close(torch.stack(made, 1), whole[:, split:], atol=ATOL, rtol=0)
    torch.testing.assert_close(cache.ssm, last.ssm, atol=ATOL, rtol=0)
    torch.testing.assert_close(cache.conv, last.conv)


@pytest.mark.parametrize("split", [0, 1, 3, 9])
def test_attention_steps_go_on_where_a_sequence_ended(split: int) -> None:
    layer = WindowAttention(8, 2, streams=3, window=4).eval()
    torch.nn.init.normal_(layer.bias)
    x = torch.randn(2, 12, 3, 8)
    whole, _ = layer(x)
    cache = layer.initial_cache(2) if split == 0 else layer(x[:, :split])[1]
    made = []
    for t in range(split, 12):
        y, cache = layer.step(x[:, t], cache)
        made.append(y)
    torch.testing.assert_close(torch.stack(made, 1), whole[:, split:], atol=ATOL, rtol=0)


def test_attention_sees_its_window_and_nothing_else() -> None:
    layer = WindowAttention(8, 2, streams=3, window=4)
    x = torch.randn(1, 12, 3, 8, requires_grad=True)
    layer(x)[0][:, 8, 0].sum().backward()
    assert x.grad is not None
    touched = (x.grad[0].abs().sum(-1) > 0).all(-1)
    assert touched.nonzero().flatten().tolist() == [5, 6, 7, 8]
