# Norm i of norms: x (..., D), each row moved to mean 0 and variance 1, scaled by the gain and moved by
# the offset. Both may be of all heads: x (N, heads, E), gain and offset (heads, E).
def norm(self, x: Tensor, i: int, norms: List[Tensor], eps: float) -> Tensor:
  gain, offset = norms[2 * i], norms[2 * i + 1]
  width = [torch.size(x, -1)]
  if torch.dim(gain) == 1:
    y = torch.layer_norm(x, width, gain, offset, eps)
  else:
    y = torch.addcmul(offset, torch.layer_norm(x, width, None, None, eps), gain)
  return y
