# LLaMA (arXiv 2302.13971): rotary positions, RMS norms before each half of a block, gated feed-forward.
# sizes: H, K, E. norms: two a block, then the last. Linear layers: four a block (query, key and value
# as one; output; gate and up as one; down), then the head's pieces.

# Each half of a head is turned against the other by its position: x (N, heads, E), cos and sin (N, 1, E).
# sin's first half carries the minus sign of the turn.
def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  a, b = torch.chunk(x, 2, -1)
  return torch.addcmul_(torch.mul(x, cos), torch.cat([b, a], -1), sin)

# x (N, D), each row divided by the root of its mean square and scaled by g (D)
def norm(self, x: Tensor, g: Tensor, eps: float) -> Tensor:
  length = torch.linalg_vector_norm(x, 2, [1], True)
  mean_square = torch.div(torch.mul(length, length), torch.size(x, 1))
  return torch.mul_(torch.mul(x, torch.rsqrt(torch.add_(mean_square, eps))), g)

# x (N, D) -> queries (H, N, E), scaled, keys and values (K, N, E)
def project(self, x: Tensor, l: int, cos: Tensor, sin: Tensor, sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tuple[Tensor, Tensor, Tensor]:
  heads, groups, width = sizes[0], sizes[1], sizes[2]
  h = (self).norm(x, norms[2 * l], eps)
  qkv = torch.reshape((self).lin(h, 4 * l, w, packed, kinds), [-1, heads + 2 * groups, width])
  turned = torch.transpose((self).rotate(torch.narrow(qkv, 1, 0, heads + groups), cos, sin), 0, 1)
  q = torch.mul(torch.narrow(turned, 0, 0, heads), 1. / torch.sqrt(width))
  k = torch.narrow(turned, 0, heads, groups)
  v = torch.transpose(torch.narrow(qkv, 1, heads + groups, groups), 0, 1)
  return (q, k, v)

# The block's second half, and the first's end: x (N, D), attended (N, H E) -> (N, D)
def finish(self, x: Tensor, attended: Tensor, l: int, norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  x = torch.add_((self).lin(attended, 4 * l + 1, w, packed, kinds), x)
  h = (self).norm(x, norms[2 * l + 1], eps)
  gated = (self).gated(h, 4 * l + 2, w, packed, kinds)
  return torch.add_((self).lin(gated, 4 * l + 3, w, packed, kinds), x)

# Block l over a batch of sequences laid end to end: x (N, D) -> (N, D)
def block(self, x: Tensor, l: int, cos: Tensor, sin: Tensor, starts: List[int], masks: List[Tensor], triangle: Tensor, sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  q, k, v = (self).project(x, l, cos, sin, sizes, norms, eps, w, packed, kinds)
  return (self).finish(x, (self).attend(q, k, v, starts, masks, triangle), l, norms, eps, w, packed, kinds)

# Blocks from to to - 1: x (N, D), positions (N) -> (N, D)
def run(self, x: Tensor, start: int, end: int, positions: Tensor, cosines: Tensor, sines: Tensor, starts: List[int], masks: List[Tensor], triangle: Tensor, sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  cos = torch.unsqueeze(torch.index_select(cosines, 0, positions), 1)
  sin = torch.unsqueeze(torch.index_select(sines, 0, positions), 1)
  for l in range(start, end):
    x = (self).block(x, l, cos, sin, starts, masks, triangle, sizes, norms, eps, w, packed, kinds)
  return x

# The last block, l, which the head reads in some rows alone: only these are finished. x (N, D) -> (R, D)
def run_last(self, x: Tensor, l: int, rows: Tensor, positions: Tensor, cosines: Tensor, sines: Tensor, starts: List[int], masks: List[Tensor], triangle: Tensor, sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  cos = torch.unsqueeze(torch.index_select(cosines, 0, positions), 1)
  sin = torch.unsqueeze(torch.index_select(sines, 0, positions), 1)
  q, k, v = (self).project(x, l, cos, sin, sizes, norms, eps, w, packed, kinds)
  attended = torch.index_select((self).attend(q, k, v, starts, masks, triangle), 0, rows)
  return (self).finish(torch.index_select(x, 0, rows), attended, l, norms, eps, w, packed, kinds)

# The next t tokens of one sequence of which the caches (K, S, E) hold the first past: x (t, D) -> (t, D)
def step(self, x: Tensor, past: int, cosines: Tensor, sines: Tensor, keys: List[Tensor], values: List[Tensor], triangle: Tensor, sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  t = torch.size(x, 0)
  cos = torch.unsqueeze(torch.narrow(cosines, 0, past, t), 1)
  sin = torch.unsqueeze(torch.narrow(sines, 0, past, t), 1)
  none = torch.empty([0], dtype=6)
  for l in range(torch.len(keys)):
    q, k, v = (self).project(x, l, cos, sin, sizes, norms, eps, w, packed, kinds)
    _0 = torch.copy_(torch.narrow(keys[l], 1, past, t), k)
    _1 = torch.copy_(torch.narrow(values[l], 1, past, t), v)
    o = (self).mix(q, torch.narrow(keys[l], 1, 0, past + t), torch.narrow(values[l], 1, 0, past + t), none, triangle)
    x = (self).finish(x, torch.reshape(torch.transpose(o, 0, 1), [t, -1]), l, norms, eps, w, packed, kinds)
  return x

# The hidden states that the head reads: x (R, D) -> (R, D)
def read_out(self, x: Tensor, norms: List[Tensor], eps: float) -> Tensor:
  return (self).norm(x, norms[torch.len(norms) - 1], eps)
