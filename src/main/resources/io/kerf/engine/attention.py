# Attention over sequences laid end to end. q (H, n, E) is scaled; k and v (K, m, E), H a multiple of
# K: query heads g H/K .. (g + 1) H/K - 1 look at key head g. The n queries are the last of the m
# positions. mask (n, m) is added to the scores; where it is empty the sequence is causal.
# triangle (R, R) holds -inf above its diagonal. -> (H, n, E)
def mix(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, triangle: Tensor) -> Tensor:
  heads, n, width = torch.size(q, 0), torch.size(q, 1), torch.size(q, 2)
  groups, m = torch.size(k, 0), torch.size(k, 1)
  share = heads // groups
  past = m - n
  causal = torch.numel(mask) == 0
  if n <= 96:
    s = torch.matmul(torch.reshape(q, [groups, share * n, width]), torch.transpose(k, 1, 2))
    s = torch.reshape(s, [groups, share, n, m])
    if causal:
      if n > 1:
        tail = torch.narrow(s, 3, past, n)
        _0 = torch.add_(tail, torch.slice(torch.slice(triangle, 0, 0, n), 1, 0, n))
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
        end = past + b
        part = torch.contiguous(torch.reshape(torch.slice(qg, 1, a, b), [-1, width]))
        s = ops.mkldnn._linear_pointwise(part, torch.slice(kg, 0, 0, end), None, "none", annotate(List[Optional[number]], []), "")
        s = torch.reshape(s, [share, b - a, end])
        if causal:
          tail = torch.narrow(s, 2, past + a, b - a)
          _2 = torch.add_(tail, torch.slice(torch.slice(triangle, 0, 0, b - a), 1, 0, b - a))
        else:
          _3 = torch.add_(s, torch.slice(torch.slice(mask, 0, a, b), 1, 0, end))
        p = torch.reshape(torch.softmax(s, -1), [-1, end])
        o = ops.mkldnn._linear_pointwise(p, torch.transpose(torch.slice(vg, 0, 0, end), 0, 1), None, "none", annotate(List[Optional[number]], []), "")
        _4 = torch.copy_(torch.slice(og, 1, a, b), torch.reshape(o, [share, b - a, width]))
  return out

# All sequences of a batch: sequence s is rows starts[s] to starts[s + 1]. -> (N, H E)
def attend(self, q: Tensor, k: Tensor, v: Tensor, starts: List[int], masks: List[Tensor], triangle: Tensor) -> Tensor:
  sequences = torch.len(starts) - 1
  if sequences == 1:
    o = (self).mix(q, k, v, masks[0], triangle)
  else:
    o = torch.empty_like(q)
    for s in range(sequences):
      a, b = starts[s], starts[s + 1]
      part = (self).mix(torch.slice(q, 1, a, b), torch.slice(k, 1, a, b), torch.slice(v, 1, a, b), masks[s], triangle)
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
