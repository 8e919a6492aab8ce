# T5 (arXiv 1910.10683): an encoder that sees its text whole and a decoder that sees its own text so far and
# the encoder's output; positions as biases by distance, RMS norms before each part of a block.
# sizes: H, E, activation, 1 where the feed-forward layer is gated, blocks of the encoder.
# norms: two an encoder block, the encoder's last, three a decoder block, the decoder's last.
# Linear layers: four an encoder block (query, key and value as one; output; gate and up as one; down),
# seven a decoder block (those, and before the last two: query, key and value as one, output across), head.

# x (N, D), each row divided by the root of its mean square and scaled by g (D)
def norm(self, x: Tensor, g: Tensor, eps: float) -> Tensor:
  mean_square = torch.mean(torch.mul(x, x), [1], True)
  return (self).times(torch.mul(x, torch.rsqrt(torch.add_(mean_square, eps))), g)

# What is added to scores: table (buckets, H), buckets (2 S - 1) of the distances 1 - S to S - 1; ahead is added
# to keys that stand behind the query, -inf in a decoder. -> (H, S, S)
def biases(self, table: Tensor, buckets: Tensor, ahead: float) -> Tensor:
  s = (torch.size(buckets, 0) + 1) // 2
  steps = torch.arange(s, dtype=4)
  distance = torch.sub(torch.unsqueeze(steps, 0), torch.unsqueeze(steps, 1))
  by_distance = torch.transpose(torch.index_select(table, 0, buckets), 0, 1)
  b = torch.index_select(by_distance, 1, torch.reshape(torch.add(distance, s - 1), [-1]))
  b = torch.reshape(b, [torch.size(table, 1), s, s])
  if ahead < 0.:
    b = torch.masked_fill(b, torch.gt(distance, 0), ahead)
  return b

# Queries, keys and values of layer i: x (N, D) -> three of (N, H, E)
def project(self, x: Tensor, i: int, sizes: List[int], w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tuple[Tensor, Tensor, Tensor]:
  qkv = torch.reshape((self).lin(x, i, w, packed, kinds), [-1, 3, sizes[0], sizes[1]])
  return (torch.select(qkv, 1, 0), torch.select(qkv, 1, 1), torch.select(qkv, 1, 2))

# A block's last part, layers i and i + 1: x (N, D) -> (N, D)
def fed(self, x: Tensor, i: int, g: Tensor, sizes: List[int], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  return torch.add(x, (self).feed_forward((self).norm(x, g, eps), i, sizes[3], sizes[2], w, packed, kinds))

# Encoder blocks from start to end - 1, over runs of texts of equal length: x (N, D) -> (N, D)
def encode(self, x: Tensor, start: int, end: int, bias: Tensor, counts: List[int], lengths: List[int], sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  for l in range(start, end):
    q, k, v = (self).project((self).norm(x, norms[2 * l], eps), 4 * l, sizes, w, packed, kinds)
    o = (self).attend_both(q, k, v, bias, counts, lengths)
    x = torch.add(x, (self).lin(o, 4 * l + 1, w, packed, kinds))
    x = (self).fed(x, 4 * l + 2, norms[2 * l + 1], sizes, eps, w, packed, kinds)
  return x

# Attention to encoded texts: decoder rows rows[c] to rows[c + 1] see the encoder's rows begins[c] to ends[c].
# q (M, H, E), k and v (N, H, E) -> (M, H E)
def attend_across(self, q: Tensor, k: Tensor, v: Tensor, rows: List[int], begins: List[int], ends: List[int]) -> Tensor:
  out = annotate(List[Tensor], [])
  for c in range(torch.len(begins)):
    qc = torch.transpose(torch.slice(q, 0, rows[c], rows[c + 1]), 0, 1)
    kc = torch.permute(torch.slice(k, 0, begins[c], ends[c]), [1, 2, 0])
    vc = torch.transpose(torch.slice(v, 0, begins[c], ends[c]), 0, 1)
    o = torch.matmul(torch.softmax(torch.matmul(qc, kc), -1), vc)
    _0 = torch.append(out, torch.reshape(torch.transpose(o, 0, 1), [rows[c + 1] - rows[c], -1]))
  return torch.cat(out)

# The keys and values of encoded texts for decoder block l: memory (N, D) -> two of (N, H, E)
def remember(self, memory: Tensor, l: int, sizes: List[int], w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tuple[Tensor, Tensor]:
  kv = torch.reshape((self).lin(memory, 4 * sizes[4] + 7 * l + 3, w, packed, kinds), [-1, 2, sizes[0], sizes[1]])
  return (torch.select(kv, 1, 0), torch.select(kv, 1, 1))

# Decoder blocks from start to end - 1, over runs of equal length; bias hides what comes: x (M, D) -> (M, D)
def decode(self, x: Tensor, start: int, end: int, memory: Tensor, bias: Tensor, counts: List[int], lengths: List[int], rows: List[int], begins: List[int], ends: List[int], sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  for l in range(start, end):
    i, g = 4 * sizes[4] + 7 * l, 2 * sizes[4] + 1 + 3 * l
    q, k, v = (self).project((self).norm(x, norms[g], eps), i, sizes, w, packed, kinds)
    o = (self).attend_both(q, k, v, bias, counts, lengths)
    x = torch.add(x, (self).lin(o, i + 1, w, packed, kinds))
    q = torch.reshape((self).lin((self).norm(x, norms[g + 1], eps), i + 2, w, packed, kinds), [-1, sizes[0], sizes[1]])
    k, v = (self).remember(memory, l, sizes, w, packed, kinds)
    o = (self).attend_across(q, k, v, rows, begins, ends)
    x = torch.add(x, (self).lin(o, i + 4, w, packed, kinds))
    x = (self).fed(x, i + 5, norms[g + 2], sizes, eps, w, packed, kinds)
  return x

# The same keys and values for a text that is gone on with step by step: (2, H, N, E)
def remembered(self, memory: Tensor, l: int, sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  k, v = (self).remember(memory, l, sizes, w, packed, kinds)
  return torch.contiguous(torch.transpose(torch.stack([k, v]), 1, 2))

# The next token of a text of which the caches (H, S, E) hold the first past: x (1, D) -> (1, D)
def step(self, x: Tensor, past: int, bias: Tensor, keys: List[Tensor], values: List[Tensor], across: List[Tensor], sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  seen = torch.slice(torch.narrow(bias, 1, past, 1), 2, 0, past + 1)
  for l in range(torch.len(keys)):
    i, g = 4 * sizes[4] + 7 * l, 2 * sizes[4] + 1 + 3 * l
    q, k, v = (self).project((self).norm(x, norms[g], eps), i, sizes, w, packed, kinds)
    _0 = torch.copy_(torch.narrow(keys[l], 1, past, 1), torch.transpose(k, 0, 1))
    _1 = torch.copy_(torch.narrow(values[l], 1, past, 1), torch.transpose(v, 0, 1))
    s = torch.matmul(torch.transpose(q, 0, 1), torch.transpose(torch.narrow(keys[l], 1, 0, past + 1), 1, 2))
    o = torch.matmul(torch.softmax(torch.add(s, seen), -1), torch.narrow(values[l], 1, 0, past + 1))
    x = torch.add(x, (self).lin(torch.reshape(o, [1, -1]), i + 1, w, packed, kinds))
    q = torch.reshape((self).lin((self).norm(x, norms[g + 1], eps), i + 2, w, packed, kinds), [sizes[0], 1, sizes[1]])
    s = torch.matmul(q, torch.transpose(across[l][0], 1, 2))
    o = torch.matmul(torch.softmax(s, -1), across[l][1])
    x = torch.add(x, (self).lin(torch.reshape(o, [1, -1]), i + 4, w, packed, kinds))
    x = (self).fed(x, i + 5, norms[g + 2], sizes, eps, w, packed, kinds)
  return x

# The encoder's output: x (N, D) -> (N, D)
def encoded(self, x: Tensor, sizes: List[int], norms: List[Tensor], eps: float) -> Tensor:
  return (self).norm(x, norms[2 * sizes[4]], eps)

# The decoder's: x (R, D) -> (R, D)
def decoded(self, x: Tensor, sizes: List[int], norms: List[Tensor], eps: float) -> Tensor:
  return (self).norm(x, norms[torch.len(norms) - 1], eps)
