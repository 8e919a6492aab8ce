# Attention over sequences laid end to end. q (H, n, E) is scaled; k and v (K, m, E), H a multiple of
# K: query heads g H/K .. (g + 1) H/K - 1 look at key head g. The n queries are the last of the m
# positions. mask (n, m) is added to the scores; where it is empty the sequence is causal, and a query
# sees the last window positions up to its own (0: all). cap: c of c tanh(s / c) over scores; 0 for none.
# triangle (R, R) holds -inf above its diagonal. -> (H, n, E) and, where it is weighed against what stands
# before, the logarithms of the sums of exp(scores), (H, n, 1); else empty
def mix(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, triangle: Tensor, window: int, cap: float, weighed: bool) -> Tuple[Tensor, Tensor]:
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
  mass = torch.empty([0], dtype=6)
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
    p = torch.softmax(s, -1)
    if weighed:
      mass = torch.reshape((self).mass(s, p), [heads, n, 1])
    out = torch.reshape(torch.matmul(torch.reshape(p, [groups, share * n, m]), v), [heads, n, width])
  else:
    # Long sequences: oneDNN's product, rows in blocks so that what the mask hides is not computed.
    out = torch.empty([heads, n, width], dtype=6)
    if weighed:
      mass = torch.empty([heads, n, 1], dtype=6)
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
        p = torch.softmax(s, -1)
        if weighed:
          _5 = torch.copy_(torch.slice(torch.narrow(mass, 0, g * share, share), 1, a, b), (self).mass(s, p))
        o = ops.mkldnn._linear_pointwise(torch.reshape(p, [-1, end - start]), torch.transpose(torch.slice(vg, 0, start, end), 0, 1), None, "none", annotate(List[Optional[number]], []), "")
        _4 = torch.copy_(torch.slice(og, 1, a, b), torch.reshape(o, [share, b - a, width]))
  return (out, mass)

# The logarithm of the sum of exp(s) over the last dimension of s, whose softmax is p: of any score and
# its probability, and the largest are the most exact.
def mass(self, s: Tensor, p: Tensor) -> Tensor:
  return torch.sub(torch.amax(s, [-1], True), torch.log(torch.amax(p, [-1], True)))

# What queries q (H, N, E), scaled, take from a prefix that all of them follow: keys and values
# k, v (K, P, E). places (N): where the queries stand, counted from the prefix's first token.
# -> as mix gives it, weighed; empty where the prefix lies before every window
def recall(self, q: Tensor, k: Tensor, v: Tensor, places: Tensor, rows: int, window: int, cap: float) -> Tuple[Tensor, Tensor]:
  heads, n, width = torch.size(q, 0), torch.size(q, 1), torch.size(q, 2)
  groups, m = torch.size(k, 0), torch.size(k, 1)
  share = heads // groups
  first, some = 0, False
  if window > 0:
    # The nearest query sees most of the prefix, the farthest least: some of it where these differ.
    first = ops.prim.max(0, int(torch.min(places)) - window + 1)
    some = int(torch.max(places)) - window + 1 > first
  out = torch.empty([0], dtype=6)
  mass = torch.empty([0], dtype=6)
  if first < m:
    out = torch.empty([heads, n, width], dtype=6)
    mass = torch.empty([heads, n, 1], dtype=6)
    seen = m - first
    for g in range(groups):
      kg, vg = torch.narrow(k[g], 0, first, seen), torch.transpose(torch.narrow(v[g], 0, first, seen), 0, 1)
      for c in range((n + rows - 1) // rows):
        a = c * rows
        b = ops.prim.min(a + rows, n)
        part = torch.contiguous(torch.reshape(torch.slice(torch.narrow(q, 0, g * share, share), 1, a, b), [-1, width]))
        s = ops.mkldnn._linear_pointwise(part, kg, None, "none", annotate(List[Optional[number]], []), "")
        s = (self).capped(torch.reshape(s, [share, b - a, seen]), cap)
        if some:
          # Not -inf: a query that sees nothing of the prefix weighs it with exp(-1e30), which is 0.
          before = torch.sub(torch.slice(places, 0, a, b), window - 1)
          s = torch.masked_fill_(s, torch.lt(torch.arange(first, m), torch.unsqueeze(before, 1)), -1e+30)
        p = torch.softmax(s, -1)
        o = ops.mkldnn._linear_pointwise(torch.reshape(p, [-1, seen]), vg, None, "none", annotate(List[Optional[number]], []), "")
        _0 = torch.copy_(torch.slice(torch.narrow(out, 0, g * share, share), 1, a, b), torch.reshape(o, [share, b - a, width]))
        _1 = torch.copy_(torch.slice(torch.narrow(mass, 0, g * share, share), 1, a, b), (self).mass(s, p))
  return (out, mass)

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
# and after those, where blocks have windows, one more a sequence for these. All of them follow a prefix
# whose parts, one after the other, have these keys and values, (K, P, E) each; positions (N). -> (N, H E)
def attend(self, q: Tensor, k: Tensor, v: Tensor, positions: Tensor, starts: List[int], masks: List[Tensor], keys: List[Tensor], values: List[Tensor], triangle: Tensor, window: int, cap: float, w: List[Tensor], kinds: List[int]) -> Tensor:
  if self.training:
    o = (self).attend_learning(q, k, v, starts, triangle, window, cap, w, kinds)
  else:
    o = (self).attend_planned(q, k, v, positions, starts, masks, keys, values, triangle, window, cap)
    o = torch.reshape(torch.transpose(o, 0, 1), [torch.size(q, 1), -1])
  return o

# The same while the model learns: plain causal sequences that follow no prefix. q (H, N, E), k and v (K, N, E)
def attend_learning(self, q: Tensor, k: Tensor, v: Tensor, starts: List[int], triangle: Tensor, window: int, cap: float, w: List[Tensor], kinds: List[int]) -> Tensor:
  longest, runs = 0, annotate(List[int], [])
  for s in range(torch.len(starts) - 1):
    n = starts[s + 1] - starts[s]
    longest = ops.prim.max(longest, n)
    # Sequences of equal length that lie side by side attend at once: runs has their number and length.
    if torch.len(runs) > 0 and runs[-1] == n:
      runs[-2] = runs[-2] + 1
    else:
      _0 = torch.append(runs, 1)
      _1 = torch.append(runs, n)
  if cap > 0. or (window > 0 and longest > window):
    o = (self).attend_recorded(q, k, v, runs, window, cap)
  else:
    o = (self).attend_held(q, k, v, runs, triangle, w, kinds)
  return o

# By operations that autograd knows
def attend_recorded(self, q: Tensor, k: Tensor, v: Tensor, runs: List[int], window: int, cap: float) -> Tensor:
  heads, total, width = torch.size(q, 0), torch.size(q, 1), torch.size(q, 2)
  groups = torch.size(k, 0)
  if groups < heads:
    of_all = [groups, heads // groups, total, width]
    k = torch.reshape(torch.expand(torch.unsqueeze(k, 1), of_all), [heads, total, width])
    v = torch.reshape(torch.expand(torch.unsqueeze(v, 1), of_all), [heads, total, width])
  out = annotate(List[Tensor], [])
  at = 0
  for r in range(torch.len(runs) // 2):
    count, n = runs[2 * r], runs[2 * r + 1]
    sizes = [heads, count, n, width]
    qs = torch.reshape(torch.narrow(q, 1, at, count * n), sizes)
    ks = torch.reshape(torch.narrow(k, 1, at, count * n), sizes)
    vs = torch.reshape(torch.narrow(v, 1, at, count * n), sizes)
    scores = torch.matmul(qs, torch.transpose(ks, 2, 3))
    if cap > 0.:
      scores = torch.mul(torch.tanh(torch.div(scores, cap)), cap)
    unseen = torch.triu(torch.ones([n, n], dtype=11), 1)
    if window > 0:
      unseen = torch.logical_or(unseen, torch.tril(torch.ones([n, n], dtype=11), 0 - window))
    scores = torch.masked_fill(scores, unseen, float("-inf"))
    o = torch.matmul(torch.softmax(scores, -1), vs)
    _0 = torch.append(out, torch.reshape(o, [heads, count * n, width]))
    at = at + count * n
  return torch.reshape(torch.transpose(torch.cat(out, 1), 0, 1), [total, -1])

# As one step of the way back. What every query weighs is held where sequences are short, and computed again where that
# would be most of what a pass holds. Forward in float32 always: half the digits would save a hundredth of a step.
def attend_held(self, q: Tensor, k: Tensor, v: Tensor, runs: List[int], triangle: Tensor, w: List[Tensor], kinds: List[int]) -> Tensor:
  heads, total, width = torch.size(q, 0), torch.size(q, 1), torch.size(q, 2)
  groups, rows = torch.size(k, 0), torch.size(triangle, 0)
  wanted = torch.is_grad_enabled() and ops.prim.requires_grad(q)
  holding = [q, k, v, triangle]
  q, k, v = torch.detach(q), torch.detach(k), torch.detach(v)
  out = torch.empty([total, groups, heads // groups, width], dtype=6)
  at = 0
  for r in range(torch.len(runs) // 2):
    count, n = runs[2 * r], runs[2 * r + 1]
    ks = (self).run_of_heads(k, at, count, n, groups, 0)
    vs = (self).run_of_heads(v, at, count, n, groups, 0)
    for c in range((n + rows - 1) // rows):
      a = c * rows
      b = ops.prim.min(a + rows, n)
      p = (self).weights_of(q, ks, at, count, n, a, b, groups, triangle)
      o = torch.bmm(p, torch.narrow(vs, 1, 0, b))
      _0 = torch.copy_((self).places(out, at, count, n, a, b), torch.reshape(o, [count, groups, -1, b - a, width]))
      if wanted and (self).weights_stay(n, triangle):
        _1 = torch.append(holding, (self).operand(p, kinds[0]))
    at = at + count * n
  o = torch.reshape(out, [total, -1])
  if wanted:
    o = torch.requires_grad_(o)
    _2 = torch.append(holding, o)
    _3 = torch.extend(kinds, runs)
    _4 = torch.append(kinds, torch.len(runs))
    (self).hold(holding, 15, w, kinds)
  return o

# Whether sequences of n tokens are short enough for their weights to be held
def weights_stay(self, n: int, triangle: Tensor) -> bool:
  return n <= 4 * torch.size(triangle, 0)

# The keys or values (K, N, E) of a run of sequences side by side: (count K, n, E), dense; in bfloat16 where half is 1
def run_of_heads(self, x: Tensor, at: int, count: int, n: int, groups: int, half: int) -> Tensor:
  some = torch.reshape(torch.narrow(x, 1, at, count * n), [groups, count, n, -1])
  dense = torch.empty([count, groups, n, torch.size(x, 2)], dtype=6 + 9 * half)
  _0 = torch.copy_(dense, torch.transpose(some, 0, 1))
  return torch.reshape(dense, [count * groups, n, -1])

# The same of queries, or of what has their shape, (H, N, E), of rows a to b - 1 of each sequence: (count K, H / K (b - a), E)
def rows_of_heads(self, x: Tensor, at: int, count: int, n: int, a: int, b: int, groups: int, half: int) -> Tensor:
  width = torch.size(x, 2)
  some = torch.reshape(torch.narrow(x, 1, at, count * n), [groups, -1, count, n, width])
  some = torch.permute(torch.slice(some, 3, a, b), [2, 0, 1, 3, 4])
  dense = torch.copy_(torch.empty([count, groups, torch.size(some, 2), b - a, width], dtype=6 + 9 * half), some)
  return torch.reshape(dense, [count * groups, -1, width])

# What those queries' keys weigh: (count K, H / K (b - a), b)
def weights_of(self, q: Tensor, ks: Tensor, at: int, count: int, n: int, a: int, b: int, groups: int, triangle: Tensor) -> Tensor:
  qs = (self).rows_of_heads(q, at, count, n, a, b, groups, 0)
  s = torch.bmm(qs, torch.transpose(torch.narrow(ks, 1, 0, b), 1, 2))
  tail = torch.narrow(torch.reshape(s, [count * groups, -1, b - a, b]), 3, a, b - a)
  _0 = torch.add_(tail, torch.slice(torch.slice(triangle, 0, 0, b - a), 1, 0, b - a))
  return torch.softmax(s, -1)

# Where rows a to b - 1 of a run's sequences stand in x (N, K, H / K, E): (count, K, H / K, b - a, E)
def places(self, x: Tensor, at: int, count: int, n: int, a: int, b: int) -> Tensor:
  some = torch.reshape(torch.narrow(x, 0, at, count * n), [count, n, torch.size(x, 1), torch.size(x, 2), torch.size(x, 3)])
  return torch.permute(torch.slice(some, 1, a, b), [0, 2, 3, 1, 4])

def attend_planned(self, q: Tensor, k: Tensor, v: Tensor, positions: Tensor, starts: List[int], masks: List[Tensor], keys: List[Tensor], values: List[Tensor], triangle: Tensor, window: int, cap: float) -> Tensor:
  sequences, parts = torch.len(starts) - 1, torch.len(keys)
  first = 0
  if window > 0:
    first = sequences
  if sequences == 1:
    o, mass = (self).mix(q, k, v, masks[first], triangle, window, cap, parts > 0)
  else:
    o = torch.empty_like(q)
    mass = torch.empty([torch.size(q, 0), torch.size(q, 1), 1], dtype=6)
    for s in range(sequences):
      a, b = starts[s], starts[s + 1]
      part, weight = (self).mix(torch.slice(q, 1, a, b), torch.slice(k, 1, a, b), torch.slice(v, 1, a, b), masks[first + s], triangle, window, cap, parts > 0)
      _0 = torch.copy_(torch.slice(o, 1, a, b), part)
      if parts > 0:
        _1 = torch.copy_(torch.slice(mass, 1, a, b), weight)
  at = 0
  for i in range(parts):
    part, weight = (self).recall(q, keys[i], values[i], torch.sub(positions, at), torch.size(triangle, 0), window, cap)
    if torch.numel(part) > 0:
      # Two softmaxes become one: each is weighed by its share of the sum of both.
      o = torch.lerp(o, part, torch.sigmoid(torch.sub(weight, mass)))
      mass = torch.logaddexp(mass, weight)
    at = at + torch.size(keys[i], 1)
  return o

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
