# Drawing tokens: temperature, then the k likeliest, then the fewest whose mass is at least p, then one of those that
# are left. Of equally likely tokens those of higher ids are left, which are the ones that a stable sort of
# transformers' leaves. Drawn is, by ascending ids, the one at which the mass passes u times all that is left.

# One token after every row of h (R, D), by numbers u (R) in [0, 1), float64. Rows go a few at a time, so that their
# logits stay in the cache. temperature 0: the likeliest; top_k 0 and top_p 1: all. -> (R)
def drawn(self, h: Tensor, u: Tensor, at_once: int, temperature: float, top_k: int, top_p: float, head: int, cap: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  found = annotate(List[Tensor], [])
  rows = torch.size(h, 0)
  for c in range((rows + at_once - 1) // at_once):
    first = c * at_once
    count = ops.prim.min(at_once, rows - first)
    logits = (self).logits(torch.narrow(h, 0, first, count), head, cap, w, packed, kinds)
    _0 = torch.append(found, (self).draw(logits, torch.narrow(u, 0, first, count), temperature, top_k, top_p))
  return torch.cat(found, 0)

# logits (R, V), overwritten -> tokens (R), -1 where a row's logits are no numbers
def draw(self, logits: Tensor, u: Tensor, temperature: float, top_k: int, top_p: float) -> Tensor:
  vocabulary = torch.size(logits, 1)
  if temperature == 0.:
    found = torch.argmax(logits, -1)
  else:
    # The largest becomes 0 before it is divided, so that no temperature is too small.
    scores = torch.div_(torch.sub_(logits, torch.amax(logits, [1], True)), temperature)
    limited = top_k > 0 and top_k < vocabulary
    p = torch.exp(scores)
    total = torch.sum(p, [1], True)
    found = torch.full([torch.size(scores, 0)], -1, dtype=4)
    left = torch.reshape(torch.nonzero(torch.isfinite(torch.reshape(total, [-1]))), [-1])
    if limited or top_p < 1.:
      # Few likely tokens decide nearly every row, and finding them costs a fraction of sorting all.
      for few in [256, 4096, vocabulary]:
        if torch.numel(left) > 0:
          among = ops.prim.min(ops.prim.max(few, top_k + 16), vocabulary)
          if torch.numel(left) < torch.size(scores, 0):
            rest = torch.index_select(scores, 0, left)
          else:
            rest = scores
          tokens, sure = (self).draw_among(rest, torch.index_select(total, 0, left), torch.index_select(u, 0, left), among, top_k, top_p)
          decided = torch.reshape(torch.nonzero(sure), [-1])
          _0 = torch.index_copy_(found, 0, torch.index_select(left, 0, decided), torch.index_select(tokens, 0, decided))
          left = torch.index_select(left, 0, torch.reshape(torch.nonzero(torch.logical_not(sure)), [-1]))
    else:
      tokens = (self).pick(torch.cumsum(p, 1, dtype=7), u)
      _1 = torch.index_copy_(found, 0, left, torch.index_select(tokens, 0, left))
  return found

# By running masses (R, n), float64: the first that is above u (R) times the last -> its place (R)
def pick(self, running: Tensor, u: Tensor) -> Tensor:
  last = torch.size(running, 1) - 1
  passed = torch.mul(torch.narrow(running, 1, last, 1), torch.unsqueeze(u, 1))
  return torch.reshape(torch.searchsorted(running, passed, right=True), [-1])

# The same among so many of the likeliest: scores (R, V), total (R, 1) the sum of their exponentials, u (R) -> tokens
# (R), and whether they are those of the whole row (R): the last that is left stands before the last of these, so that
# none of its equals is missing.
def draw_among(self, scores: Tensor, total: Tensor, u: Tensor, among: int, top_k: int, top_p: float) -> Tuple[Tensor, Tensor]:
  vocabulary = torch.size(scores, 1)
  if among == vocabulary:
    values, order = torch.sort(torch.flip(scores, [1]), stable=True, dim=-1, descending=True)
    ids = torch.rsub(order, vocabulary - 1)
  else:
    likely, some = torch.topk(scores, among, -1, True, False)
    some, _0 = torch.sort(some, -1, True)
    values, order = torch.sort(torch.gather(scores, 1, some), stable=True, dim=-1, descending=True)
    ids = torch.gather(some, 1, order)
  p = torch.exp(torch.to(values, 7))
  kept = torch.ones_like(values, dtype=11)
  edge = torch.narrow(values, 1, 0, 1)
  whole = torch.to(total, 7)
  if top_k > 0 and top_k < vocabulary:
    edge = torch.narrow(values, 1, top_k - 1, 1)
    kept = torch.ge(values, edge)
    p = torch.mul(p, kept)
    whole = torch.sum(p, [1], True)
  if top_p < 1.:
    above = torch.sub(torch.cumsum(p, 1), p)
    kept = torch.logical_and(kept, torch.lt(above, torch.mul(whole, top_p)))
    if top_k == 0 or top_k >= vocabulary:
      edge = torch.gather(values, 1, torch.sub(torch.sum(kept, [1], True), 1))
    p = torch.mul(p, kept)
  sure = torch.gt(edge, torch.narrow(values, 1, among - 1, 1))
  # By ascending ids: tokens that are nearly as likely as each other may change places by rounding.
  if among == vocabulary:
    sure = torch.ones_like(sure)
    place = (self).pick(torch.cumsum(torch.scatter(torch.zeros_like(p), 1, ids, p), 1), u)
    tokens = torch.unsqueeze(place, 1)
  else:
    ids, order = torch.sort(ids, -1, False)
    place = (self).pick(torch.cumsum(torch.gather(p, 1, order), 1), u)
    tokens = torch.gather(ids, 1, torch.unsqueeze(place, 1))
  return (torch.reshape(tokens, [-1]), torch.reshape(sure, [-1]))

# So many rows like the only one: h (1, D) -> (R, D)
def repeated(self, h: Tensor, rows: int) -> Tensor:
  return torch.contiguous(torch.expand(h, [rows, -1]))
