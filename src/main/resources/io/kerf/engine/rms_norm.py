# Norm i of norms: x (..., D), each row divided by the root of its mean square and scaled by the gain.
# A gain may be of all heads: x (N, heads, E), gain (heads, E).
def norm(self, x: Tensor, i: int, norms: List[Tensor], eps: float) -> Tensor:
  length = torch.linalg_vector_norm(x, 2, [-1], True)
  mean_square = torch.div(torch.mul(length, length), torch.size(x, -1))
  return (self).times(torch.mul(x, torch.rsqrt(torch.add_(mean_square, eps))), norms[2 * i])
