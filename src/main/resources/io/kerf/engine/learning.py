# What a page needs to learn: the way back through what linear.py remembered, losses, optimizers.
# g: two a layer, the gradients of its weight (out, in) and bias, empty where they do not learn.

# An array of its own from which autograd can begin
def leaf(self, x: Tensor, wanted: bool) -> Tensor:
  return torch.requires_grad_(torch.detach(x), wanted)

def wants_gradient(self, x: Tensor) -> bool:
  return ops.prim.requires_grad(x)

# The gradient that arrived at a leaf
def arrived(self, x: Tensor) -> Tensor:
  return ops.prim.grad(x)

# A leaf's gradient, there from the beginning and 0: it is added to in place
def begun(self, x: Tensor) -> Tensor:
  torch.backward(torch.sum(torch.mul(x, 0.)))
  return ops.prim.grad(x)

# From dy, the loss's gradient where y stands, back to the leaves that y was made of; steps that were held since kinds
# had that many entries are taken from there, last first, and their layers' gradients are added to g.
def back(self, y: Tensor, dy: Tensor, entries: int, g: List[Tensor], w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> None:
  torch.backward(y, dy, True)
  while torch.len(kinds) > entries:
    form = torch.pop(kinds)
    if form == 15:
      (self).back_attention(w, kinds)
    else:
      (self).back_layers(form, g, w, kinds)
  return None

# Takes the arrays of the last step.
def held(self, w: List[Tensor], kinds: List[int]) -> List[Tensor]:
  n = torch.pop(kinds)
  arrays = torch.slice(w, torch.len(w) - n)
  for i in range(n):
    _0 = torch.pop(w)
  return arrays

# A layer, or the feed-forward part that begins with it
def back_layers(self, form: int, g: List[Tensor], w: List[Tensor], kinds: List[int]) -> None:
  into, inside, out = (self).held(w, kinds)
  i = torch.pop(kinds)
  d = ops.prim.grad(out)
  if form > 0:
    d = (self).back_between(d, inside, i + 1, (form - 1) % 2, (form - 1) // 2, g, w, kinds)
  wanted = ops.prim.requires_grad(into)
  dx = (self).back_layer(d, torch.detach(into), i, wanted, g, w, kinds)
  if wanted:
    torch.backward(into, dx, True)
  return None

# From the gradient of a feed-forward part, whose second layer is i, to that of its first layer's product z
def back_between(self, d: Tensor, z: Tensor, i: int, gated: int, activation: int, g: List[Tensor], w: List[Tensor], kinds: List[int]) -> Tensor:
  dz = torch.empty_like(z)
  if gated == 1:
    gate, up = torch.chunk(z, 2, -1)
    dgate, dup = torch.chunk(dz, 2, -1)
    open = (self).activated(gate, activation)
    d = (self).back_layer(d, torch.mul(open, up), i, True, g, w, kinds)
    _0 = torch.mul(d, open, out=dup)
    (self).back_activated(torch.mul_(d, up), gate, activation, dgate)
  else:
    d = (self).back_layer(d, (self).activated(z, activation), i, True, g, w, kinds)
    (self).back_activated(d, z, activation, dz)
  return dz

# Attention, as attention.py holds it
def back_attention(self, w: List[Tensor], kinds: List[int]) -> None:
  holding = (self).held(w, kinds)
  q, k, v = holding[0], holding[1], holding[2]
  d = ops.prim.grad(torch.pop(holding))
  runs = annotate(List[int], [])
  for i in range(torch.pop(kinds)):
    _0 = torch.append(runs, torch.pop(kinds))
  heads, total, width, groups = torch.size(q, 0), torch.size(q, 1), torch.size(q, 2), torch.size(k, 0)
  dq = torch.empty([total, groups, heads // groups, width], dtype=6)
  dk = torch.empty([total, groups, 1, width], dtype=6)
  dv = torch.empty([total, groups, 1, width], dtype=6)
  d = torch.transpose(torch.reshape(d, [total, heads, width]), 0, 1)
  at = total
  for r in range(torch.len(runs) // 2):
    n, count = runs[2 * r], runs[2 * r + 1]
    at = at - count * n
    (self).back_run(holding, d, at, count, n, dq, dk, dv)
  gradients = annotate(List[Optional[Tensor]], [])
  for x in [dq, dk, dv]:
    _1 = torch.append(gradients, torch.transpose(torch.reshape(x, [total, -1, width]), 0, 1))
  torch.backward([q, k, v], gradients, True)
  return None

# Of a run of sequences side by side, whose weights are taken from the end of what is held; d (H, N, E)
def back_run(self, holding: List[Tensor], d: Tensor, at: int, count: int, n: int, dq: Tensor, dk: Tensor, dv: Tensor) -> None:
  q, groups, width = torch.detach(holding[0]), torch.size(dk, 1), torch.size(dk, 3)
  half = 0
  if ops.prim.dtype(holding[-1]) == 15:
    half = 1
  ks = (self).run_of_heads(torch.detach(holding[1]), at, count, n, groups, half)
  vs = (self).run_of_heads(torch.detach(holding[2]), at, count, n, groups, half)
  keys = torch.zeros([count * groups, n, width], dtype=6)
  values = torch.zeros([count * groups, n, width], dtype=6)
  b = n
  while b > 0:
    p = torch.pop(holding)
    b = torch.size(p, 2)
    rows = torch.size(p, 1) * groups // torch.size(d, 0)
    a = b - rows
    do = (self).rows_of_heads(d, at, count, n, a, b, groups, half)
    dp = torch.bmm(do, torch.transpose(torch.narrow(vs, 1, 0, b), 1, 2))
    _0 = torch.add_(torch.narrow(values, 1, 0, b), torch.bmm(torch.transpose(p, 1, 2), do))
    ds = torch._softmax_backward_data(dp, p, -1, 6 + 9 * half)
    part = torch.bmm(ds, torch.narrow(ks, 1, 0, b))
    _1 = torch.copy_((self).places(dq, at, count, n, a, b), torch.reshape(part, [count, groups, -1, rows, width]))
    qs = (self).rows_of_heads(q, at, count, n, a, b, groups, half)
    _2 = torch.add_(torch.narrow(keys, 1, 0, b), torch.bmm(torch.transpose(ds, 1, 2), qs))
    b = a
  sizes = [count, groups, 1, n, width]
  _3 = torch.copy_((self).places(dk, at, count, n, 0, n), torch.reshape(keys, sizes))
  _4 = torch.copy_((self).places(dv, at, count, n, 0, n), torch.reshape(values, sizes))
  return None

# From d, the gradient of layer i's product, to that of its operand x where it is wanted; the layer's own are added to g.
def back_layer(self, d: Tensor, x: Tensor, i: int, wanted: bool, g: List[Tensor], w: List[Tensor], kinds: List[int]) -> Tensor:
  weight, dw, db = w[3 * i], g[2 * i], g[2 * i + 1]
  if torch.numel(db) > 0:
    _0 = torch.add_(db, torch.sum(d, [0], dtype=6))
  d = (self).operand(d, kinds[i])
  if torch.numel(dw) > 0:
    if kinds[i] % 2 == 1:
      _1 = torch.add_(dw, torch.mm(torch.t(d), x))
    else:
      _2 = torch.addmm_(dw, torch.t(d), x)
  dx = torch.empty([0])
  if wanted:
    dx = ops.mkldnn._linear_pointwise(d, torch.t(weight), None, "none", annotate(List[Optional[number]], []), "")
  return dx

# activation.py's derivative by x, times d: into dx
def back_activated(self, d: Tensor, x: Tensor, kind: int, dx: Tensor) -> None:
  if kind == 0:
    _0 = torch.gelu_backward(d, x, grad_input=dx)
  else:
    if kind == 1:
      _1 = torch.gelu_backward(d, x, approximate="tanh", grad_input=dx)
    else:
      if kind == 2:
        _2 = torch.threshold_backward(d, x, 0, grad_input=dx)
      else:
        if kind == 3:
          _3 = torch.silu_backward(d, x, grad_input=dx)
        else:
          s = torch.sigmoid(torch.mul(x, 1.702))
          inner = torch.mul(torch.mul(torch.add(torch.neg(s), 1.), x), 1.702)
          _4 = torch.mul(d, torch.mul(s, torch.add(inner, 1.)), out=dx)
  return None

# Forgets what was held since w and kinds had that many entries.
def forget(self, arrays: int, entries: int, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> None:
  for i in range(torch.len(w) - arrays):
    _0 = torch.pop(w)
  for i in range(torch.len(kinds) - entries):
    _1 = torch.pop(kinds)
  return None

def entries(self, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> int:
  return torch.len(kinds)

# Rows of a table (V, D)
def looked_up(self, table: Tensor, ids: Tensor) -> Tensor:
  return torch.index_select(table, 0, ids)

# Adds the gradient of rows (N, D) to that of their table (V, D).
def add_rows(self, into: Tensor, ids: Tensor, rows: Tensor, scale: float) -> None:
  _0 = torch.index_add_(into, 0, ids, rows, alpha=scale)
  return None

def sum_of(self, x: Tensor, y: Tensor) -> Tensor:
  return torch.add(x, y)

def scaled_by(self, x: Tensor, factor: float) -> Tensor:
  return torch.mul(x, factor)

# x, of which outputs are dropped at that rate
def dropped(self, x: Tensor, rate: float) -> Tensor:
  return torch.dropout(x, rate, True)

# The loss's derivative by logits z (R, V), each row's label t (R), and what it is: hard of cross entropy, and soft
# T^2 KL(teacher || student) at temperature T, where there are a teacher's logits. -> (dz, sums (2): of both losses)
def derivative(self, z: Tensor, t: Tensor, teacher: Tensor, hard: float, soft: float, temperature: float) -> Tuple[Tensor, Tensor]:
  rows = torch.arange(torch.size(z, 0), dtype=4)
  logs = torch.log_softmax(z, -1)
  place = torch.add(torch.mul(rows, torch.size(z, 1)), t)
  entropy = torch.neg(torch.sum(torch.index_select(torch.reshape(logs, [-1]), 0, place), dtype=7))
  divergence = torch.zeros([], dtype=7)
  dz = torch.exp_(logs)
  flat = torch.reshape(dz, [-1])
  _0 = torch.index_add_(flat, 0, place, torch.ones([torch.size(t, 0)]), alpha=-1)
  if torch.numel(teacher) > 0:
    said = torch.log_softmax(torch.div(z, temperature), -1)
    known = torch.log_softmax(torch.div(teacher, temperature), -1)
    p = torch.exp(known)
    divergence = torch.mul(torch.sum(torch.mul(p, torch.sub(known, said)), dtype=7), temperature * temperature)
    away = torch.mul_(torch.sub_(torch.exp_(said), p), soft * temperature)
    dz = torch.add_(torch.mul_(dz, hard), away)
  else:
    if hard != 1.:
      dz = torch.mul_(dz, hard)
  return (dz, torch.stack([entropy, divergence]))

# The head's loss over rows h (R, D) with labels t (R), and its gradient: each row's share is scale. Gradients of the
# head's weight and bias are added to g. -> (dh (R, D), sums (2) of cross entropy and divergence, not scaled)
def head_loss(self, h: Tensor, t: Tensor, teacher: Tensor, hard: float, soft: float, temperature: float, scale: float, at_once: int, g: List[Tensor], head: int, cap: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tuple[Tensor, Tensor]:
  found = annotate(List[Tensor], [])
  sums = torch.zeros([2], dtype=7)
  rows = torch.size(h, 0)
  for c in range((rows + at_once - 1) // at_once):
    a = c * at_once
    b = ops.prim.min(a + at_once, rows)
    x = torch.slice(h, 0, a, b)
    known = teacher
    if torch.numel(teacher) > 0:
      known = torch.slice(teacher, 0, a, b)
    z = (self).logits(x, head, cap, w, packed, kinds)
    dz, part = (self).derivative(z, torch.slice(t, 0, a, b), known, hard, soft, temperature)
    sums = torch.add(sums, part)
    if cap > 0.:
      dz = torch.mul_(dz, torch.add_(torch.neg(torch.square(torch.div(z, cap))), 1.))
    dw, db = g[2 * head], g[2 * head + 1]
    if torch.numel(db) > 0:
      _0 = torch.add_(db, torch.sum(dz, [0]), alpha=scale)
    # The scale waits for what is small: a pass over all logits costs as much as a tenth of their product.
    if kinds[head] % 2 == 1:
      dz = torch.to(dz, 15)
      x = torch.to(x, 15)
      if torch.numel(dw) > 0:
        _1 = torch.add_(dw, torch.mm(torch.t(dz), x), alpha=scale)
    else:
      if torch.numel(dw) > 0:
        _2 = torch.addmm_(dw, torch.t(dz), x, alpha=scale)
    dh = ops.mkldnn._linear_pointwise(dz, torch.t(w[3 * head]), None, "none", annotate(List[Optional[number]], []), "")
    _3 = torch.append(found, torch.mul(torch.to(dh, 6), scale))
  return (torch.cat(found, 0), sums)

# The loss alone: sums (2)
def head_says(self, h: Tensor, t: Tensor, at_once: int, head: int, cap: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  total = torch.zeros([], dtype=7)
  rows = torch.size(h, 0)
  for c in range((rows + at_once - 1) // at_once):
    a = c * at_once
    b = ops.prim.min(a + at_once, rows)
    z = torch.log_softmax((self).logits(torch.slice(h, 0, a, b), head, cap, w, packed, kinds), -1)
    place = torch.add(torch.mul(torch.arange(b - a, dtype=4), torch.size(z, 1)), torch.slice(t, 0, a, b))
    total = torch.sub(total, torch.sum(torch.index_select(torch.reshape(z, [-1]), 0, place), dtype=7))
  return torch.stack([total, torch.zeros([], dtype=7)])

# The mean square of what lies between x (N, D) and target, times weight: (its gradient by x, its value)
def apart(self, x: Tensor, target: Tensor, weight: float) -> Tuple[Tensor, Tensor]:
  d = torch.sub(torch.detach(x), target)
  value = torch.mul(torch.sum(torch.square(d), dtype=7), weight)
  return (torch.mul_(d, 2. * weight), value)

# Contrast of tokens (arXiv 2203.10705): h (R, D) and a teacher's (R, D); rows of one owner (R) are told apart by their
# cosines divided by t, each row's share is weight. -> (its gradient by h, its value)
def contrast(self, h: Tensor, teacher: Tensor, owner: Tensor, t: float, weight: float) -> Tuple[Tensor, Tensor]:
  h = torch.detach(h)
  length = torch.clamp(torch.linalg_vector_norm(h, 2, [1], True), 1e-12)
  own = torch.div(h, length)
  other = torch.div(teacher, torch.clamp(torch.linalg_vector_norm(teacher, 2, [1], True), 1e-12))
  s = torch.div(torch.mm(own, torch.t(other)), t)
  apart = torch.ne(torch.unsqueeze(owner, 1), torch.unsqueeze(owner, 0))
  logs = torch.log_softmax(torch.masked_fill(s, apart, -1e30), -1)
  value = torch.mul(torch.neg(torch.sum(torch.diagonal(logs), dtype=7)), weight)
  ds = torch.exp(logs)
  _0 = torch.sub_(torch.diagonal(ds), 1.)
  d = torch.mul(torch.mm(ds, other), weight / t)
  d = torch.sub(d, torch.mul(own, torch.sum(torch.mul(own, d), [1], True)))
  return (torch.div(d, length), value)

# The norm of each array: (n)
def norms_of(self, arrays: List[Tensor]) -> Tensor:
  found = annotate(List[Tensor], [])
  for x in arrays:
    _0 = torch.append(found, torch.linalg_vector_norm(x, 2))
  return torch.stack(found)

def clear(self, arrays: List[Tensor]) -> None:
  for x in arrays:
    _0 = torch.zero_(x)
  return None

# AdamW (arXiv 1711.05101): p lr-decayed first; gradients are divided by divisor on the way.
def adamw(self, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], divisor: Tensor, lr: float, b1: float, b2: float, decay: float, eps: float) -> None:
  torch._fused_adamw_(p, g, m, v, annotate(List[Tensor], []), steps, lr=lr, beta1=b1, beta2=b2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False, grad_scale=divisor, found_inf=None)
  return None

# Lion (arXiv 2302.06675): p -= lr (sign(b1 m + (1 - b1) g) + decay p); m = b2 m + (1 - b2) g
def lion(self, p: List[Tensor], g: List[Tensor], m: List[Tensor], factor: float, lr: float, b1: float, b2: float, decay: float) -> None:
  for i in range(torch.len(p)):
    d = torch.mul_(g[i], factor)
    u = torch.sign_(torch.lerp(d, m[i], b1))
    _0 = torch.add_(torch.mul_(p[i], 1. - lr * decay), u, alpha=0. - lr)
    _1 = torch.lerp_(m[i], d, 1. - b2)
  return None

# Copies values, rounded where the target is held in fewer bits.
def renew(self, into: List[Tensor], values: List[Tensor]) -> None:
  for i in range(torch.len(into)):
    _0 = torch.copy_(into[i], values[i])
  return None

# Forms: what is computed with, made of what learns. Of all these, rows first to first + n - 1 are meant.

def copied(self, x: Tensor) -> Tensor:
  return torch.clone(x)

# Rows that are all one vector (E), moved by offset; of an array of one dimension all of it
def put_rows(self, into: Tensor, vector: Tensor, first: int, n: int, offset: float) -> None:
  rows = torch.detach(into)
  if torch.dim(rows) > 1:
    rows = torch.narrow(rows, 0, first, n)
  _0 = torch.copy_(rows, torch.expand_as(torch.add(torch.detach(vector), offset), rows))
  return None

def sum_rows(self, into: Tensor, rows: Tensor, first: int, n: int) -> None:
  if torch.dim(rows) > 1:
    rows = torch.sum(torch.narrow(rows, 0, first, n), [0])
  _0 = torch.add_(into, rows)
  return None

def copy_rows(self, into: Tensor, x: Tensor, first: int, n: int) -> None:
  _0 = torch.copy_(torch.narrow(into, 0, first, n), torch.narrow(x, 0, first, n))
  return None

# 1 where a weight is not zero
def standing(self, x: Tensor, first: int, n: int) -> Tensor:
  return torch.to(torch.ne(torch.narrow(x, 0, first, n), 0.), 6)

def mask_rows(self, x: Tensor, mask: Tensor, first: int) -> None:
  _0 = torch.mul_(torch.narrow(x, 0, first, torch.size(mask, 0)), mask)
  return None

# LoRA (arXiv 2106.09685): base + scale B A, A (r, in), B (n, r)
def adapt_rows(self, into: Tensor, base: Tensor, a: Tensor, b: Tensor, scale: float, first: int) -> None:
  n = torch.size(b, 0)
  _0 = torch.copy_(torch.narrow(into, 0, first, n), torch.addmm(torch.narrow(base, 0, first, n), b, a, alpha=scale))
  return None

def pull_adapter(self, arriving: Tensor, a: Tensor, b: Tensor, da: Tensor, db: Tensor, scale: float, first: int) -> None:
  d = torch.narrow(arriving, 0, first, torch.size(b, 0))
  _0 = torch.add_(da, torch.mm(torch.t(b), d), alpha=scale)
  _1 = torch.add_(db, torch.mm(d, torch.t(a)), alpha=scale)
  return None

# Factors (arXiv 2405.16057): base + scale base x A x b, A (r, in) with each row for n / r rows, b (n, 1)
def factor_rows(self, into: Tensor, base: Tensor, a: Tensor, b: Tensor, scale: float, first: int) -> None:
  n, r = torch.size(b, 0), torch.size(a, 0)
  w = torch.reshape(torch.narrow(base, 0, first, n), [r, n // r, -1])
  by = torch.mul(torch.unsqueeze(a, 1), torch.reshape(b, [r, n // r, 1]))
  _0 = torch.copy_(torch.narrow(into, 0, first, n), torch.reshape(torch.addcmul(w, w, by, value=scale), [n, -1]))
  return None

def pull_factors(self, arriving: Tensor, base: Tensor, a: Tensor, b: Tensor, da: Tensor, db: Tensor, scale: float, first: int) -> None:
  n, r = torch.size(b, 0), torch.size(a, 0)
  d = torch.mul(torch.narrow(arriving, 0, first, n), torch.narrow(base, 0, first, n))
  d = torch.reshape(d, [r, n // r, -1])
  _0 = torch.add_(da, torch.sum(torch.mul(d, torch.reshape(b, [r, n // r, 1])), [1]), alpha=scale)
  _1 = torch.add_(db, torch.reshape(torch.sum(torch.mul(d, torch.unsqueeze(a, 1)), [2]), [n, 1]), alpha=scale)
  return None

# 0 in mask for the so many smallest magnitudes of every group of columns, of equal ones the first; 1 elsewhere
def choose_mask(self, mask: Tensor, x: Tensor, first: int, group: int, removed: int) -> None:
  g = torch.reshape(torch.abs(torch.narrow(x, 0, first, torch.size(mask, 0))), [-1, group])
  _0, order = torch.sort(g, stable=True, dim=1, descending=False)
  gone = torch.narrow(order, 1, 0, removed)
  _1 = torch.copy_(mask, torch.reshape(torch.scatter(torch.ones_like(g), 1, gone, 0.), [torch.size(mask, 0), -1]))
  return None

def masked_rows(self, into: Tensor, x: Tensor, mask: Tensor, first: int) -> None:
  n = torch.size(mask, 0)
  _0 = torch.copy_(torch.narrow(into, 0, first, n), torch.mul(torch.narrow(x, 0, first, n), mask))
  return None

# Adds decay (1 - mask) x to the gradient.
def decay_rows(self, into: Tensor, x: Tensor, mask: Tensor, decay: float, first: int) -> None:
  n = torch.size(mask, 0)
  left = torch.mul(torch.narrow(x, 0, first, n), torch.add(torch.neg(mask), 1.))
  _0 = torch.add_(torch.narrow(into, 0, first, n), left, alpha=decay)
  return None

# The nearest values that integers of so many bits stand for, as round-to-nearest has them: groups of columns share a
# scale (0: all weights do). scheme: IntegerFormat's ordinal.
def round_rows(self, into: Tensor, x: Tensor, first: int, n: int, group: int, bits: int, scheme: int) -> None:
  rows = torch.narrow(x, 0, first, n)
  if group == 0:
    g = torch.reshape(rows, [1, -1])
  else:
    g = torch.reshape(rows, [-1, group])
  low = torch.clamp(torch.amin(g, [1], True), None, 0)
  high = torch.clamp(torch.amax(g, [1], True), 0, None)
  largest = torch.maximum(torch.neg(low), high)
  top = (1 << bits) - 1
  if scheme == 0:
    half = (1 << (bits - 1)) - 1
    scale = (self).some(torch.div(largest, half))
    y = torch.mul(torch.clamp(torch.round(torch.div(g, scale)), 0 - half, half), scale)
  elif scheme == 1:
    scale = (self).some(torch.div(torch.mul(largest, 2.), top))
    middle = 1 << (bits - 1)
    codes = torch.clamp(torch.add(torch.round(torch.div(g, scale)), middle), 0, top)
    y = torch.mul(torch.sub(codes, middle), scale)
  else:
    scale = (self).some(torch.div(torch.sub(high, low), top))
    zero = torch.clamp(torch.round(torch.div(torch.neg(low), scale)), 0, top)
    codes = torch.clamp(torch.add(torch.round(torch.div(g, scale)), zero), 0, top)
    y = torch.mul(torch.sub(codes, zero), scale)
  _0 = torch.copy_(torch.narrow(into, 0, first, n), torch.reshape(y, [n, -1]))
  return None

# A group that is all zero has scale 1.
def some(self, scale: Tensor) -> Tensor:
  return torch.where(torch.eq(scale, 0.), torch.ones_like(scale), scale)

def fill(self, x: Tensor, value: float) -> None:
  _0 = torch.fill_(x, value)
  return None

# n elements of x from that one on, in order
def run_of(self, x: Tensor, start: int, n: int) -> Tensor:
  return torch.narrow(torch.reshape(torch.detach(x), [-1]), 0, start, n)

def put_run(self, x: Tensor, start: int, values: Tensor, n: int) -> None:
  _0 = torch.copy_(torch.narrow(torch.view(torch.detach(x), [-1]), 0, start, n), torch.narrow(values, 0, 0, n))
  return None
