import math

import pytest
import torch

from models.blocks.attention import AttentionStep, WindowAttention
from models.blocks.conv import CausalConv1d, CausalResidual, CausalUpsample, ConvStep
from models.blocks.fsq import FSQ
from models.blocks.mamba import Mamba, MambaCache, MambaStep
from models.blocks.scan import causal_conv_silu, fused_conv, fused_scan, selective_scan
from models.blocks.vq import VQ

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


def test_vq_finds_the_nearest_code_and_passes_its_gradient_straight_through() -> None:
    torch.manual_seed(0)
    vq = VQ(6, 2).eval()
    vq.book.copy_(torch.randn(6, 2))
    z = torch.randn(3, 7, 2, requires_grad=True)
    codes, digits = vq(z)
    torch.testing.assert_close(codes, vq.codes(digits))
    nearest = (z.detach().unsqueeze(-2) - vq.book).norm(dim=-1).argmin(-1)
    assert torch.equal(digits.squeeze(-1), nearest)
    codes.sum().backward()
    assert z.grad is not None
    torch.testing.assert_close(z.grad, torch.ones_like(z))


def test_vq_learns_its_book_from_what_it_is_given_and_wastes_no_code() -> None:
    torch.manual_seed(0)
    centres = torch.tensor([[0.0, 4.0], [4.0, 0.0], [-4.0, 0.0], [0.0, -4.0]])
    vq = VQ(8, 2)
    for _ in range(150):
        vq(centres[torch.randint(4, (64,))] + 0.1 * torch.randn(64, 2))
    vq.eval()
    codes, _ = vq(centres)
    assert (codes - centres).norm(dim=-1).max() < 0.3
    _, digits = vq(centres.repeat(100, 1) + 0.1 * torch.randn(400, 2))
    assert len(digits.unique()) == 8


@pytest.mark.parametrize("chunks", [(1,) * 12, (5, 7), (1, 2, 3, 6)])
@pytest.mark.parametrize(("kernel", "dilation"), [(3, 2), (2, 1), (1, 1)])
def test_causal_convolutions_are_the_same_whole_and_in_chunks(
    kernel: int, dilation: int, chunks: tuple[int, ...]
) -> None:
    layers = [CausalConv1d(3, width, kernel, dilation).requires_grad_(False) for width in (5, 4)]
    x = torch.randn(2, 3, 12)
    step = ConvStep(layers, given=2.0, made=3.0, channels_out=5)
    cache = step.initial_cache()
    made = []
    for part in x.transpose(1, 2).split(list(chunks), dim=1):
        y, cache = step(part / 2.0, cache)
        made.append(y)
    whole = torch.cat(made, 1).transpose(1, 2)
    for index, layer in enumerate(layers):
        torch.testing.assert_close(whole[index, : layer.out_channels], 3.0 * layer(x[index]), atol=ATOL, rtol=0)
    assert (whole[1, 4] == 0).all()


def test_causal_layers_do_not_see_the_future() -> None:
    x = torch.randn(1, 3, 12, requires_grad=True)
    CausalUpsample(3, 4)(CausalResidual(3, 2)(x))[..., 9].sum().backward()
    assert x.grad is not None
    assert (x.grad[..., 5:] == 0).all()
    assert (x.grad[..., 4] != 0).any()


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


def reference_scan(*parts: torch.Tensor) -> torch.Tensor:
    """The published formula, step by step: A-bar = exp(delta A), B-bar = delta B, h = A-bar h + B-bar u,
    y = C h + D u, gated by silu(z)."""
    u, delta, a, b, c, d, z = parts
    h = torch.zeros(u.shape[0], u.shape[2], a.shape[1], dtype=u.dtype, device=u.device)
    made = []
    for t in range(u.shape[1]):
        h = torch.exp(delta[:, t, :, None] * a) * h + delta[:, t, :, None] * b[:, t, None, :] * u[:, t, :, None]
        made.append((h * c[:, t, None, :]).sum(-1) + d * u[:, t])
    return torch.stack(made, dim=1) * (z * torch.sigmoid(z))


def scan_parts(batch: int, length: int, inner: int, state: int, **how: object) -> tuple[torch.Tensor, ...]:
    """u, delta, A, B, C, D and z of a made-up layer."""
    torch.manual_seed(5)
    shapes = [(batch, length, inner)] * 2 + [(inner, state)] + [(batch, length, state)] * 2
    parts = [torch.randn(shape, **how) for shape in (*shapes, (inner,), (batch, length, inner))]
    parts[1], parts[2] = torch.nn.functional.softplus(parts[1]), -torch.exp(parts[2])
    return tuple(part.requires_grad_() for part in parts)


@pytest.mark.parametrize("length", [1, 2, 9])
def test_the_selective_scan_and_its_gradients_are_the_published_formula(length: int) -> None:
    parts = scan_parts(2, length, 5, 3, dtype=torch.float64)
    ours, _ = selective_scan(*parts)
    theirs = reference_scan(*parts)
    torch.testing.assert_close(ours, theirs, atol=1e-12, rtol=1e-12)
    weights = torch.randn_like(ours)
    for mine, published in zip(
        torch.autograd.grad((ours * weights).sum(), parts),
        torch.autograd.grad((theirs * weights).sum(), parts),
        strict=True,
    ):
        torch.testing.assert_close(mine, published, atol=1e-11, rtol=1e-11)


def test_a_mamba_layer_has_the_parameters_of_mamba_ssm() -> None:
    shapes = {name: tuple(part.shape) for name, part in Mamba(32, state=8, conv=4, expand=2).named_parameters()}
    assert shapes == {
        "A_log": (64, 8),
        "D": (64,),
        "in_proj.weight": (128, 32),
        "conv1d.weight": (64, 1, 4),
        "conv1d.bias": (64,),
        "x_proj.weight": (18, 64),
        "dt_proj.weight": (64, 2),
        "dt_proj.bias": (64,),
        "out_proj.weight": (32, 64),
    }


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_fused_kernels_and_their_gradients_are_ours() -> None:
    fused, conv = fused_scan(), fused_conv()
    if fused is None or conv is None:
        pytest.skip("mamba-ssm and causal-conv1d are not installed for this torch")
    parts = scan_parts(2, 48, 128, 8, device="cuda")
    on_cpu = tuple(part.detach().cpu().requires_grad_() for part in parts)
    theirs, their_last = selective_scan(*parts)
    ours, last = selective_scan(*on_cpu)
    torch.testing.assert_close(theirs.cpu(), ours, atol=2e-3, rtol=2e-3)
    torch.testing.assert_close(their_last.cpu(), last, atol=2e-3, rtol=2e-3)
    weights = torch.randn_like(ours)
    for mine, fast in zip(
        torch.autograd.grad((ours * weights).sum(), on_cpu),
        torch.autograd.grad((theirs * weights.cuda()).sum(), parts),
        strict=True,
    ):
        torch.testing.assert_close(fast.cpu(), mine, atol=5e-3, rtol=5e-3)
    u, taps, bias = torch.randn(2, 128, 48), torch.randn(128, 1, 4), torch.randn(128)
    told = causal_conv_silu(u.cuda(), taps.cuda(), bias.cuda()).cpu()
    torch.testing.assert_close(told, causal_conv_silu(u, taps, bias), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("split", [0, 1, 2, 9])
def test_mamba_steps_go_on_where_a_sequence_ended(split: int) -> None:
    norms, layers = [torch.nn.LayerNorm(8) for _ in range(2)], [Mamba(8, state=4, expand=1) for _ in range(2)]
    for norm in norms:
        torch.nn.init.normal_(norm.weight)
        torch.nn.init.normal_(norm.bias)
    x = torch.randn(2, 12, 8)
    with torch.no_grad():
        heard = [norm(part).unsqueeze(0) for norm, part in zip(norms, x, strict=True)]
        whole = [layer(part) for layer, part in zip(layers, heard, strict=True)]
        before = [layer(part[:, :split])[1] for layer, part in zip(layers, heard, strict=True)] if split else []
        step = MambaStep(norms, layers)
        cache = step.initial_cache()
        if before:
            cache = MambaCache(torch.cat([one.conv for one in before]), torch.cat([one.ssm for one in before]))
        made = []
        for t in range(split, 12):
            y, cache = step(x[:, t], cache)
            made.append(y)
    for index, (y, last) in enumerate(whole):
        torch.testing.assert_close(torch.stack([m[index] for m in made]), y[0, split:], atol=ATOL, rtol=0)
        torch.testing.assert_close(cache.ssm[index], last.ssm[0], atol=ATOL, rtol=0)
        torch.testing.assert_close(cache.conv[index], last.conv[0], atol=ATOL, rtol=0)


@pytest.mark.parametrize("sight", [4, 7])
@pytest.mark.parametrize("split", [0, 1, 3, 9])
def test_attention_steps_go_on_where_a_sequence_ended(split: int, sight: int) -> None:
    layer = WindowAttention(8, 2, streams=3, window=4, sight=sight).requires_grad_(False)
    torch.nn.init.normal_(layer.bias)
    x = torch.randn(1, 12, 3, 8)
    whole, _ = layer(x)
    step = AttentionStep(layer)
    cache = step.initial_cache() if split == 0 else layer(x[:, :split])[1][:, 0]
    made = []
    for t in range(split, 12):
        y, cache = step(x[0, t], cache)
        made.append(y)
    torch.testing.assert_close(torch.stack(made), whole[0, split:], atol=ATOL, rtol=0)


@pytest.mark.parametrize(("sight", "seen"), [(None, [5, 6, 7, 8]), (6, [3, 4, 5, 6, 7, 8]), (256, list(range(9)))])
def test_attention_sees_its_window_and_nothing_else(sight: int | None, seen: list[int]) -> None:
    layer = WindowAttention(8, 2, streams=3, window=4, sight=sight)
    x = torch.randn(1, 12, 3, 8, requires_grad=True)
    layer(x)[0][:, 8, 0].sum().backward()
    assert x.grad is not None
    touched = (x.grad[0].abs().sum(-1) > 0).all(-1)
    assert touched.nonzero().flatten().tolist() == seen


def test_mamba_learns_under_autocast_to_half_precision_as_without() -> None:
    torch.manual_seed(0)
    mamba, x = Mamba(16, 4), torch.randn(2, 12, 16)
    gradients = []
    for narrow in (False, True):
        mamba.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=narrow):
            y, _ = mamba(x)
        y.float().square().sum().backward()
        gradients.append(torch.cat([p.grad.flatten() for p in mamba.parameters() if p.grad is not None]))
    torch.testing.assert_close(gradients[1], gradients[0], atol=0.05 * float(gradients[0].abs().max()), rtol=0)
