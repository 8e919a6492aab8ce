# Attention over sequences laid end to end. q (H, n, E) is scaled; k and v (K, m, E), H a multiple of
# K: query heads g H/K .. (g + 1) H/K - 1 look at key head g. The n queries are the last of the m
# positions. mask (n, m) is added to the scores; where it is empty the sequence is causal, and a query
# sees the last window positions up to its own (0: all). cap: c of c tanh(s / c) over scores; 0 for none.
# triangle (R, R) holds -inf above its diagonal. -> (H, n, E)
def mix(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, triangle: Tensor, window: int, cap: float) -> Tensor:
  heads, n, width = torch.size(q, 0), torch.size(q, 1), torch.size(q, 2)
  groups, m = torch.size(k, 0), torch.size(k, 1)
  share = heads // groups
  causal = torch.numel(mask) == 0
  if causal and window > 0 and m - n + 1 > window:
    # What lies before the first query's window is not computed.
    unseen = m - n + 1 - window
    m = m - unseen
    k, v = torch.narrow(k, 1, unseen, m), torch.narrow(v, 1, unseen, m)
  past = m - n
  if n <= 96:
    s = torch.matmul(torch.reshape(q, [groups, share * n, width]), torch.transpose(k, 1, 2))
    s = (self).capped(torch.reshape(s, [groups, share, n, m]), cap)
    if causal:
      if n > 1:
        tail = torch.narrow(s, 3, past, n)
        _0 = torch.add_(tail, torch.slice(torch.slice(triangle, 0, 0, n), 1, 0, n))
      s = (self).windowed(s, past, window)
    else:
      _1 = torch.add_(s, mask)
    p = torch.reshape(torch.softmax(s, -1), [groups, share * n, m])
    out = torch.reshape(torch.matmul(p, v), [heads, n, width])
  else:
    # Long sequences: oneDNN's product, rows in blocks so that what the mask hides is not computed.
    out = torch.empty([heads, n, width], dtype=6)
    rows = torch.size(triangle, 0)
    blocks = (n + rows - 1) // rows
    for g in range(groups):
      qg = torch.narrow(q, 0, g * share, share)
      og = torch.narrow(out, 0, g * share, share)
      # oneDNN is fast on dense arrays alone; the first rows of one are dense, the first columns not.
      kg, vg = torch.contiguous(k[g]), torch.contiguous(v[g])
      for c in range(blocks):
        a = c * rows
        b = ops.prim.min(a + rows, n)
        start, end = 0, past + b
        if causal and window > 0:
          start = ops.prim.max(0, past + a + 1 - window)
        part = torch.contiguous(torch.reshape(torch.slice(qg, 1, a, b), [-1, width]))
        s = ops.mkldnn._linear_pointwise(part, torch.slice(kg, 0, start, end), None, "none", annotate(List[Optional[number]], []), "")
        s = (self).capped(torch.reshape(s, [share, b - a, end - start]), cap)
        if causal:
          tail = torch.narrow(s, 2, past + a - start, b - a)
          _2 = torch.add_(tail, torch.slice(torch.slice(triangle, 0, 0, b - a), 1, 0, b - a))
          s = (self).windowed(s, past + a - start, window)
        else:
          _3 = torch.add_(s, torch.slice(torch.slice(mask, 0, a, b), 1, 0, end))
        p = torch.reshape(torch.softmax(s, -1), [-1, end - start])
        o = ops.mkldnn._linear_pointwise(p, torch.transpose(torch.slice(vg, 0, start, end), 0, 1), None, "none", annotate(List[Optional[number]], []), "")
        _4 = torch.copy_(torch.slice(og, 1, a, b), torch.reshape(o, [share, b - a, width]))
  return out

# Scores s, capped softly: overwritten
def capped(self, s: Tensor, cap: float) -> Tensor:
  if cap > 0.:
    s = torch.mul_(torch.tanh_(torch.div_(s, cap)), cap)
  return s

# Scores s (..., n, past + n) without those before each row's window: overwritten
def windowed(self, s: Tensor, past: int, window: int) -> Tensor:
  n, m = torch.size(s, -2), torch.size(s, -1)
  if window > 0 and m > window:
    before = torch.tril(torch.ones([n, m], dtype=11), past - window)
    s = torch.masked_fill_(s, before, float("-inf"))
  return s

# All sequences of a batch: sequence s is rows starts[s] to starts[s + 1]. masks hold one a sequence,
# and after those, where blocks have windows, one more a sequence for these. -> (N, H E)
def attend(self, q: Tensor, k: Tensor, v: Tensor, starts: List[int], masks: List[Tensor], triangle: Tensor, window: int, cap: float) -> Tensor:
  sequences = torch.len(starts) - 1
  first = 0
  if window > 0:
    first = sequences
  if sequences == 1:
    o = (self).mix(q, k, v, masks[first], triangle, window, cap)
  else:
    o = torch.empty_like(q)
    for s in range(sequences):
      a, b = starts[s], starts[s + 1]
      part = (self).mix(torch.slice(q, 1, a, b), torch.slice(k, 1, a, b), torch.slice(v, 1, a, b), masks[first + s], triangle, window, cap)
      _0 = torch.copy_(torch.slice(o, 1, a, b), part)
  return torch.reshape(torch.transpose(o, 0, 1), [torch.size(q, 1), -1])

# Sequences that see both sides: runs of counts[r] sequences of lengths[r] tokens each, no padding.
# q (scaled), k and v (N, H, E) -> (N, H E). Where bias (H, S, S) is not empty, a head's scores get its first
# rows and columns added; it may hide what comes with -inf.
def attend_both(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor, counts: List[int], lengths: List[int]) -> Tensor:
  heads, width = torch.size(q, 1), torch.size(q, 2)
  out = annotate(List[Tensor], [])
  at = 0
  for r in range(torch.len(counts)):
    c, t = counts[r], lengths[r]
    n = c * t
    qr = torch.transpose(torch.reshape(torch.narrow(q, 0, at, n), [c, t, heads, width]), 1, 2)
    kr = torch.permute(torch.reshape(torch.narrow(k, 0, at, n), [c, t, heads, width]), [0, 2, 3, 1])
    vr = torch.transpose(torch.reshape(torch.narrow(v, 0, at, n), [c, t, heads, width]), 1, 2)
    s = torch.matmul(qr, kr)
    if torch.numel(bias) > 0:
      s = torch.add_(s, torch.slice(torch.slice(bias, 1, 0, t), 2, 0, t))
    o = torch.transpose(torch.matmul(torch.softmax(s, -1), vr), 1, 2)
    _0 = torch.append(out, torch.reshape(o, [n, heads * width]))
    at = at + n
  return torch.cat(out)
