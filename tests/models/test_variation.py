import numpy as np
import torch

from models.representation import UPPER_SIZE, VELOCITY, YAW_RATE, channels_of
from models.rotation import matrix_from_sixd, rotation_matrix, sixd_from_matrix
from models.training.variation import stretched, vary
from tests.models.made_up import quats_of, sway


def windows(batch: int = 12, length: int = 32) -> tuple[torch.Tensor, torch.Tensor]:
    upper, lower = [], []
    for number in range(batch):
        poses, trans = sway(length, 12.0 + number)
        channels = channels_of(trans, quats_of(poses))
        upper.append(channels.upper)
        lower.append(channels.lower)
    return torch.from_numpy(np.stack(upper)), torch.from_numpy(np.stack(lower))


def test_a_rotation_about_an_axis_is_what_rodrigues_says() -> None:
    quarter = rotation_matrix(torch.tensor([0.0, 0.0, torch.pi / 2]))
    torch.testing.assert_close(quarter @ torch.tensor([1.0, 0.0, 0.0]), torch.tensor([0.0, 1.0, 0.0]))
    torch.testing.assert_close(rotation_matrix(torch.zeros(2, 3)), torch.eye(3).expand(2, 3, 3))
    turned = rotation_matrix(torch.randn(5, 3, generator=torch.Generator().manual_seed(1)))
    torch.testing.assert_close(matrix_from_sixd(sixd_from_matrix(turned)), turned, atol=1e-5, rtol=0)


def test_varied_motion_still_consists_of_rotations_and_keeps_the_root() -> None:
    upper, lower = windows()
    generator = torch.Generator().manual_seed(3)
    new_upper, new_lower = vary(upper, lower, generator)
    assert new_upper.shape == upper.shape
    assert new_lower.shape == lower.shape
    torch.testing.assert_close(new_lower[..., 54:], lower[..., 54:])
    for channels in (new_upper, new_lower[..., :54]):
        pairs = channels.unflatten(-1, (-1, 2, 3))
        torch.testing.assert_close(pairs.norm(dim=-1), torch.ones(pairs.shape[:-1]), atol=1e-4, rtol=0)
        crossed = (pairs[..., 0, :] * pairs[..., 1, :]).sum(-1)
        torch.testing.assert_close(crossed, torch.zeros_like(crossed), atol=1e-4, rtol=0)
    changed = (new_upper - upper).abs().amax((1, 2)) > 1e-3
    assert changed.float().mean() > 0.5
    assert upper.shape[-1] == UPPER_SIZE


def test_the_same_generator_varies_in_the_same_way() -> None:
    upper, lower = windows()
    first, second = (vary(upper, lower, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])


def test_a_window_danced_faster_covers_more_of_the_clip_and_turns_faster() -> None:
    frames = np.arange(100, dtype=np.float32)
    upper = np.repeat(frames[:, None], 90, axis=1)
    lower = np.ones((100, 62), np.float32)
    fast_upper, fast_lower = stretched(upper, lower, 40, 0.5, 1.5, False)
    np.testing.assert_allclose(np.diff(fast_upper[:, 0]), 1.5, rtol=1e-5)
    np.testing.assert_allclose(fast_lower[:, VELOCITY], 1.5)
    back_upper, back_lower = stretched(upper, lower, 40, 0.5, 1.5, True)
    np.testing.assert_array_equal(back_upper, fast_upper[::-1])
    np.testing.assert_allclose(back_lower[:, YAW_RATE], -1.5)
    assert lower.max() == 1.0
    for place in (0.0, 1.0):
        whole, _ = stretched(upper, lower, 64, place, 1.6, False)
        assert whole.min() >= 0
        assert whole.max() <= 99
        assert np.diff(whole[:, 0]).max() <= 99 / 64 + 1e-3
