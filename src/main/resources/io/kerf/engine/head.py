# From hidden states to the vocabulary. The head is the linear layer "head". cap: c of c tanh(l / c) over
# logits l; 0 for none.

# The logits of every row: h (R, D) -> (R, V)
def logits(self, h: Tensor, head: int, cap: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  y = (self).lin(h, head, w, packed, kinds)
  if cap > 0.:
    y = torch.mul_(torch.tanh_(torch.div(y, cap)), cap)
  return y

# For each target: its log-probability after row rows[t] of h, and that of the likeliest token minus it.
# Rows go a few at a time, so that their logits stay in the cache. h (R, D), rows ascending (T),
# targets (T); targets splits[c] to splits[c + 1] follow the c-th run of rows. -> (2, T)
#
# The normaliser is summed as torch's log_softmax sums it, in float32: over 50,000 tokens that loses
# about 1e-5 of a log-probability, which adds up over long texts, and the reference values have it.
def score(self, h: Tensor, rows: Tensor, targets: Tensor, at_once: int, splits: List[int], head: int, cap: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  found = annotate(List[Tensor], [])
  for c in range(torch.len(splits) - 1):
    first = c * at_once
    count = ops.prim.min(at_once, torch.size(h, 0) - first)
    t, n = splits[c], splits[c + 1] - splits[c]
    logs = torch.log_softmax((self).logits(torch.narrow(h, 0, first, count), head, cap, w, packed, kinds), -1)
    best = torch.amax(logs, [1])
    row = torch.sub(torch.narrow(rows, 0, t, n), first)
    place = torch.add(torch.mul(row, torch.size(logs, 1)), torch.narrow(targets, 0, t, n))
    said = torch.index_select(torch.reshape(logs, [-1]), 0, place)
    _0 = torch.append(found, torch.stack([said, torch.sub(torch.index_select(best, 0, row), said)]))
  return torch.cat(found, 1)

# The likeliest token after one row: h (1, D)
def likeliest(self, h: Tensor, head: int, cap: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> int:
  return int(torch.argmax((self).logits(h, head, cap, w, packed, kinds)))

def rows(self, h: Tensor, start: int, count: int) -> Tensor:
  return torch.narrow(h, 0, start, count)

# rows of h that are read: (N, D) -> (R, D)
def chosen(self, h: Tensor, rows: Tensor) -> Tensor:
  return torch.index_select(h, 0, rows)
