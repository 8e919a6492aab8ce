# A decoder: blocks of attention and feed-forward layers over tokens that see those before them. The
# page is completed by norm: rms_norm.py (LLaMA and its kin) or layer_norm.py (GPT-2 and its kin).
#
# sizes: H, K, E, order (0: each half of a block is normed before, 1: after, 2: both halves stand side
# by side), gated (0 or 1), the activation. windows and scales, one a block: how far back it looks (0: to the start) and
# what products are multiplied by. cap: c of c tanh(s / c) over those products s; 0 for none.
# norms: five a block (before attention; queries and keys; after attention; before the feed-forward;
# after it), then the last, each a gain and an offset, both empty where a block has none.
# Linear layers: four a block (query, key and value as one; output; up, or gate and up as one; down),
# then the head's pieces.

def has(self, i: int, norms: List[Tensor]) -> bool:
  return torch.numel(norms[2 * i]) > 0

# The cosines and sines of these positions: two of blocks that see all, or, where blocks with a window
# turn heads otherwise, two more of those; none where positions are embedded.
def turns(self, tables: List[Tensor], positions: Tensor) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  for table in tables:
    _0 = torch.append(found, torch.unsqueeze(torch.index_select(table, 0, positions), 1))
  return found

# The first R elements of a head are turned by its position, one half against the other:
# x (N, heads, E), cos and sin (N, 1, R). sin's first half carries the minus sign of the turn.
def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  turned, width = torch.size(cos, 2), torch.size(x, 2)
  part = x
  if turned < width:
    part = torch.narrow(x, 2, 0, turned)
  a, b = torch.chunk(part, 2, -1)
  y = torch.addcmul_(torch.mul(part, cos), torch.cat([b, a], -1), sin)
  if turned < width:
    y = torch.cat([y, torch.narrow(x, 2, turned, width - turned)], 2)
  return y

# x (N, D) -> queries (H, N, E), scaled, keys and values (K, N, E)
def project(self, x: Tensor, l: int, turns: List[Tensor], sizes: List[int], windows: List[int], scales: List[float], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tuple[Tensor, Tensor, Tensor]:
  heads, groups, width, order = sizes[0], sizes[1], sizes[2], sizes[3]
  h = x
  if order != 1:
    h = (self).norm(x, 5 * l, norms, eps)
  qkv = torch.reshape((self).lin(h, 4 * l, w, packed, kinds), [-1, heads + 2 * groups, width])
  qk, v = torch.split_with_sizes(qkv, [heads + groups, groups], 1)
  if (self).has(5 * l + 1, norms):
    qk = (self).norm(qk, 5 * l + 1, norms, eps)
  if torch.len(turns) > 0:
    t = 0
    if windows[l] > 0 and torch.len(turns) > 2:
      t = 2
    qk = (self).rotate(qk, turns[t], turns[t + 1])
  q, k = torch.split_with_sizes(torch.transpose(qk, 0, 1), [heads, groups], 0)
  return (torch.mul(q, scales[l]), k, torch.transpose(v, 0, 1))

# The block's second half, and the first's end: x (N, D), attended (N, H E) -> (N, D)
def finish(self, x: Tensor, attended: Tensor, l: int, sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  order, gated, activation = sizes[3], sizes[4], sizes[5]
  a = (self).lin(attended, 4 * l + 1, w, packed, kinds)
  if order == 0:
    if (self).has(5 * l + 2, norms):
      a = (self).norm(a, 5 * l + 2, norms, eps)
    x = (self).plus(a, x)
    f = (self).feed_forward((self).norm(x, 5 * l + 3, norms, eps), 4 * l + 2, gated, activation, w, packed, kinds)
    if (self).has(5 * l + 4, norms):
      f = (self).norm(f, 5 * l + 4, norms, eps)
    y = (self).plus(f, x)
  elif order == 1:
    x = (self).norm((self).plus(a, x), 5 * l, norms, eps)
    f = (self).feed_forward(x, 4 * l + 2, gated, activation, w, packed, kinds)
    y = (self).norm((self).plus(f, x), 5 * l + 3, norms, eps)
  else:
    second = 5 * l
    if (self).has(5 * l + 3, norms):
      second = 5 * l + 3
    f = (self).feed_forward((self).norm(x, second, norms, eps), 4 * l + 2, gated, activation, w, packed, kinds)
    y = (self).plus((self).plus(f, a), x)
  return y

# Block l of those of all parts of a prefix: each part has one of every block
def of_block(self, arrays: List[Tensor], l: int, blocks: int) -> List[Tensor]:
  found = annotate(List[Tensor], [])
  for i in range(torch.len(arrays) // blocks):
    _0 = torch.append(found, arrays[i * blocks + l])
  return found

# Block l over a batch of sequences laid end to end, which follow a prefix: its keys and values, (K, P, E)
# each, none where there is no prefix. x (N, D), positions (N) -> (N, D)
def block(self, x: Tensor, l: int, turns: List[Tensor], positions: Tensor, starts: List[int], masks: List[Tensor], keys: List[Tensor], values: List[Tensor], triangle: Tensor, sizes: List[int], windows: List[int], scales: List[float], cap: float, norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  q, k, v = (self).project(x, l, turns, sizes, windows, scales, norms, eps, w, packed, kinds)
  blocks = torch.len(windows)
  attended = (self).attend(q, k, v, positions, starts, masks, (self).of_block(keys, l, blocks), (self).of_block(values, l, blocks), triangle, windows[l], cap, w, kinds)
  return (self).finish(x, attended, l, sizes, norms, eps, w, packed, kinds)

# Blocks from start to end - 1: x (N, D), positions (N) -> (N, D)
def run(self, x: Tensor, start: int, end: int, positions: Tensor, tables: List[Tensor], starts: List[int], masks: List[Tensor], keys: List[Tensor], values: List[Tensor], triangle: Tensor, sizes: List[int], windows: List[int], scales: List[float], cap: float, norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  turns = (self).turns(tables, positions)
  for l in range(start, end):
    x = (self).block(x, l, turns, positions, starts, masks, keys, values, triangle, sizes, windows, scales, cap, norms, eps, w, packed, kinds)
  return x

# The last block, l, which the head reads in some rows alone: only these are finished. x (N, D) -> (R, D)
def run_last(self, x: Tensor, l: int, rows: Tensor, positions: Tensor, tables: List[Tensor], starts: List[int], masks: List[Tensor], keys: List[Tensor], values: List[Tensor], triangle: Tensor, sizes: List[int], windows: List[int], scales: List[float], cap: float, norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  turns = (self).turns(tables, positions)
  q, k, v = (self).project(x, l, turns, sizes, windows, scales, norms, eps, w, packed, kinds)
  blocks = torch.len(windows)
  attended = (self).attend(q, k, v, positions, starts, masks, (self).of_block(keys, l, blocks), (self).of_block(values, l, blocks), triangle, windows[l], cap, w, kinds)
  return (self).finish(torch.index_select(x, 0, rows), torch.index_select(attended, 0, rows), l, sizes, norms, eps, w, packed, kinds)

# Blocks from start to end - 1 over one sequence whose keys and values are kept, (K, N, E) each, one a
# block, for those that follow it; of the last block nothing else is needed. x (N, D) -> (N, D)
def keep(self, x: Tensor, start: int, end: int, kept_keys: List[Tensor], kept_values: List[Tensor], positions: Tensor, tables: List[Tensor], starts: List[int], masks: List[Tensor], keys: List[Tensor], values: List[Tensor], triangle: Tensor, sizes: List[int], windows: List[int], scales: List[float], cap: float, norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  turns = (self).turns(tables, positions)
  blocks = torch.len(windows)
  for l in range(start, end):
    q, k, v = (self).project(x, l, turns, sizes, windows, scales, norms, eps, w, packed, kinds)
    _0 = torch.copy_(kept_keys[l], k)
    _1 = torch.copy_(kept_values[l], v)
    if l < blocks - 1:
      attended = (self).attend(q, k, v, positions, starts, masks, (self).of_block(keys, l, blocks), (self).of_block(values, l, blocks), triangle, windows[l], cap, w, kinds)
      x = (self).finish(x, attended, l, sizes, norms, eps, w, packed, kinds)
  return x

# The next t tokens of one sequence of which the caches (K, S, E) hold the first past: x (t, D) -> (t, D)
def step(self, x: Tensor, past: int, tables: List[Tensor], keys: List[Tensor], values: List[Tensor], triangle: Tensor, sizes: List[int], windows: List[int], scales: List[float], cap: float, norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  t = torch.size(x, 0)
  turns = (self).turns(tables, torch.arange(past, past + t, dtype=4))
  none = torch.empty([0], dtype=6)
  for l in range(torch.len(keys)):
    q, k, v = (self).project(x, l, turns, sizes, windows, scales, norms, eps, w, packed, kinds)
    _0 = torch.copy_(torch.narrow(keys[l], 1, past, t), k)
    _1 = torch.copy_(torch.narrow(values[l], 1, past, t), v)
    o, mass = (self).mix(q, torch.narrow(keys[l], 1, 0, past + t), torch.narrow(values[l], 1, 0, past + t), none, triangle, windows[l], cap, False)
    x = (self).finish(x, torch.reshape(torch.transpose(o, 0, 1), [t, -1]), l, sizes, norms, eps, w, packed, kinds)
  return x

# Caches (B, K, S, E) begin with the keys or values (K, P, E) of what all sequences begin with.
def begin(self, kept: List[Tensor], caches: List[Tensor]) -> None:
  for l in range(torch.len(kept)):
    _0 = torch.copy_(torch.narrow(caches[l], 2, 0, torch.size(kept[l], 1)), torch.unsqueeze(kept[l], 0))
  return None

# The next token of each of B sequences, of which the caches (B, K, S, E) hold the first past: x (B, D) -> (B, D).
# positions (B): where the tokens stand in their texts; hidden (B, S), or empty: -inf where a sequence does not see
# what its cache holds, since it belongs to another text.
def advance(self, x: Tensor, past: int, positions: Tensor, hidden: Tensor, tables: List[Tensor], keys: List[Tensor], values: List[Tensor], sizes: List[int], windows: List[int], scales: List[float], cap: float, norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  heads, groups, width = sizes[0], sizes[1], sizes[2]
  count = torch.size(x, 0)
  turns = (self).turns(tables, positions)
  for l in range(torch.len(keys)):
    q, k, v = (self).project(x, l, turns, sizes, windows, scales, norms, eps, w, packed, kinds)
    _0 = torch.copy_(torch.select(keys[l], 2, past), torch.transpose(k, 0, 1))
    _1 = torch.copy_(torch.select(values[l], 2, past), torch.transpose(v, 0, 1))
    first = 0
    if windows[l] > 0:
      first = ops.prim.max(0, past + 1 - windows[l])
    seen = past + 1 - first
    kl = torch.reshape(torch.narrow(keys[l], 2, first, seen), [count * groups, seen, width])
    vl = torch.reshape(torch.narrow(values[l], 2, first, seen), [count * groups, seen, width])
    ql = torch.reshape(torch.transpose(q, 0, 1), [count * groups, heads // groups, width])
    # Keys times queries, turned afterwards: of few queries that is twice as fast.
    s = (self).capped(torch.contiguous(torch.transpose(torch.bmm(kl, torch.transpose(ql, 1, 2)), 1, 2)), cap)
    if torch.numel(hidden) > 0:
      s = torch.reshape(s, [count, heads, seen])
      s = torch.reshape(torch.add_(s, torch.unsqueeze(torch.narrow(hidden, 1, first, seen), 1)), [count * groups, -1, seen])
    o = torch.bmm(torch.softmax(s, -1), vl)
    x = (self).finish(x, torch.reshape(o, [count, heads * width]), l, sizes, norms, eps, w, packed, kinds)
  return x

# The hidden states after the last norm: x (R, D) -> (R, D)
def read_out(self, x: Tensor, norms: List[Tensor], eps: float) -> Tensor:
  last = (torch.len(norms) // 2) - 1
  if (self).has(last, norms):
    x = (self).norm(x, last, norms, eps)
  return x
