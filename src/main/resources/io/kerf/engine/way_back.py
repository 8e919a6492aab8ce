# The way back of a page that learns: autograd's stages, and between them the steps that linear.py, feed_forward.py
# and attention.py hold. g: two a layer, the gradients of its weight (out, in) and bias, empty where they do not learn.

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
  dx = (self).back_layer(d, torch.detach(into), i, wanted, 1., g, w, kinds)
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
    d = (self).back_layer(d, torch.mul(open, up), i, True, 1., g, w, kinds)
    _0 = torch.mul(d, open, out=dup)
    (self).back_activated(torch.mul_(d, up), gate, activation, dgate)
  else:
    d = (self).back_layer(d, (self).activated(z, activation), i, True, 1., g, w, kinds)
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
    (self).back_run(holding, d, at, count, n, kinds[0] % 2, dq, dk, dv)
  gradients = annotate(List[Optional[Tensor]], [])
  for x in [dq, dk, dv]:
    _1 = torch.append(gradients, torch.transpose(torch.reshape(x, [total, -1, width]), 0, 1))
  torch.backward([q, k, v], gradients, True)
  return None

# Of a run of sequences side by side, whose weights are taken from the end of what is held; d (H, N, E)
def back_run(self, holding: List[Tensor], d: Tensor, at: int, count: int, n: int, half: int, dq: Tensor, dk: Tensor, dv: Tensor) -> None:
  q, k, triangle = torch.detach(holding[0]), torch.detach(holding[1]), holding[3]
  groups, width, rows = torch.size(dk, 1), torch.size(dk, 3), torch.size(triangle, 0)
  ks = (self).run_of_heads(k, at, count, n, groups, half)
  vs = (self).run_of_heads(torch.detach(holding[2]), at, count, n, groups, half)
  exact = ks
  if half == 1 and not (self).weights_stay(n, triangle):
    exact = (self).run_of_heads(k, at, count, n, groups, 0)
  keys = torch.zeros([count * groups, n, width], dtype=6)
  values = torch.zeros([count * groups, n, width], dtype=6)
  blocks = (n + rows - 1) // rows
  for c in range(blocks):
    a = (blocks - 1 - c) * rows
    b = ops.prim.min(a + rows, n)
    if (self).weights_stay(n, triangle):
      p = torch.pop(holding)
    else:
      p = torch.to((self).weights_of(q, exact, at, count, n, a, b, groups, triangle), 6 + 9 * half)
    do = (self).rows_of_heads(d, at, count, n, a, b, groups, half)
    dp = torch.bmm(do, torch.transpose(torch.narrow(vs, 1, 0, b), 1, 2))
    _0 = torch.add_(torch.narrow(values, 1, 0, b), torch.bmm(torch.transpose(p, 1, 2), do))
    ds = torch._softmax_backward_data(dp, p, -1, 6 + 9 * half)
    part = torch.bmm(ds, torch.narrow(ks, 1, 0, b))
    _1 = torch.copy_((self).places(dq, at, count, n, a, b), torch.reshape(part, [count, groups, -1, b - a, width]))
    qs = (self).rows_of_heads(q, at, count, n, a, b, groups, half)
    _2 = torch.add_(torch.narrow(keys, 1, 0, b), torch.bmm(torch.transpose(ds, 1, 2), qs))
  sizes = [count, groups, 1, n, width]
  _3 = torch.copy_((self).places(dk, at, count, n, 0, n), torch.reshape(keys, sizes))
  _4 = torch.copy_((self).places(dv, at, count, n, 0, n), torch.reshape(values, sizes))
  return None

# From d, the gradient of layer i's product, to that of its operand x where it is wanted; the layer's own, times scale,
# are added to g.
def back_layer(self, d: Tensor, x: Tensor, i: int, wanted: bool, scale: float, g: List[Tensor], w: List[Tensor], kinds: List[int]) -> Tensor:
  weight, dw, db = w[3 * i], g[2 * i], g[2 * i + 1]
  if torch.numel(db) > 0:
    _0 = torch.add_(db, torch.sum(d, [0], dtype=6), alpha=scale)
  d = (self).operand(d, kinds[i])
  if torch.numel(dw) > 0:
    if kinds[i] % 2 == 1:
      _1 = torch.add_(dw, torch.mm(torch.t(d), x), alpha=scale)
    else:
      _2 = torch.addmm_(dw, torch.t(d), x, alpha=scale)
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

# x, of which outputs are dropped at that rate
def dropped(self, x: Tensor, rate: float) -> Tensor:
  return torch.dropout(x, rate, True)
