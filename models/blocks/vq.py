"""Vector quantisation with a code book that follows its codes by moving averages (van den Oord et al., NeurIPS 2017,
appendix A.1): what FSQ is compared with. Codes that nobody uses begin again at a vector of the batch."""

import torch
from torch import Tensor, nn

DECAY = 0.99
DEAD_BELOW = 0.03
"""A code whose average number of uses in a batch falls below this begins again."""


class VQ(nn.Module):
    """Quantises [..., width] to one digit in 0..count-1."""

    book: Tensor
    uses: Tensor
    sums: Tensor

    def __init__(self, count: int, width: int) -> None:
        super().__init__()
        # Nobody has used a code yet, so that the first batch fills the book.
        self.register_buffer("book", torch.zeros(count, width))
        self.register_buffer("uses", torch.zeros(count))
        self.register_buffer("sums", torch.zeros(count, width))

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Codes [..., width], with straight-through gradient, and digits int64 [..., 1]. In training the book moves."""
        z = z.float()
        flat = z.detach().reshape(-1, z.shape[-1])
        if self.training:
            self._begin_again(flat)
        digits = torch.cdist(flat, self.book).argmin(-1)
        if self.training:
            self._follow(flat, digits)
        digits = digits.view(*z.shape[:-1], 1)
        return z + (self.codes(digits) - z).detach(), digits

    def codes(self, digits: Tensor) -> Tensor:
        """Codes [..., width] of digits [..., 1]."""
        return self.book[digits.squeeze(-1)]

    def _begin_again(self, flat: Tensor) -> None:
        dead = (self.uses < DEAD_BELOW).nonzero().squeeze(1)
        chosen = flat[torch.randint(len(flat), (len(dead),)).to(flat.device)]
        self.book[dead], self.sums[dead], self.uses[dead] = chosen, chosen, 1.0

    def _follow(self, flat: Tensor, digits: Tensor) -> None:
        self.uses.mul_(DECAY).index_add_(0, digits, torch.full_like(flat[:, 0], 1 - DECAY))
        self.sums.mul_(DECAY).index_add_(0, digits, flat * (1 - DECAY))
        self.book.copy_(self.sums / self.uses.unsqueeze(1))
