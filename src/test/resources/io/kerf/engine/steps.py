# Both ways to the same gradients: by a page's own steps, and by autograd alone.

def flat(self, arrays: List[Tensor]) -> Tensor:
  found = annotate(List[Tensor], [])
  for x in arrays:
    _0 = torch.append(found, torch.to(torch.reshape(torch.detach(x), [-1]), 6))
  return torch.cat(found)

# Causal attention over sequences that begin at starts, and from d (N, H E) back to q (H, N, E), k and v (K, N, E)
def attention(self, q: Tensor, k: Tensor, v: Tensor, d: Tensor, starts: List[int], triangle: Tensor, half: int) -> Tensor:
  q, k, v = (self).leaf(q, True), (self).leaf(k, True), (self).leaf(v, True)
  w, g, packed, kinds = annotate(List[Tensor], []), annotate(List[Tensor], []), (self).no_layers(), [8 + half]
  o = (self).attend_learning(q, k, v, starts, triangle, 0, 0., w, kinds)
  (self).back(o, d, 1, g, w, packed, kinds)
  return (self).flat([o, (self).arrived(q), (self).arrived(k), (self).arrived(v)])

# A cap so large that it does nothing, and autograd makes the way back
def attention_by_autograd(self, q: Tensor, k: Tensor, v: Tensor, d: Tensor, starts: List[int], triangle: Tensor) -> Tensor:
  q, k, v = (self).leaf(q, True), (self).leaf(k, True), (self).leaf(v, True)
  w, kinds = annotate(List[Tensor], []), [8]
  o = (self).attend_learning(q, k, v, starts, triangle, torch.size(q, 1), 100000., w, kinds)
  torch.backward(o, d)
  return (self).flat([o, (self).arrived(q), (self).arrived(k), (self).arrived(v)])

# A feed-forward part with weights up and down and their biases, and from d back to all of them
def feed(self, x: Tensor, up: Tensor, a: Tensor, down: Tensor, b: Tensor, d: Tensor, gated: int, activation: int, half: int) -> Tensor:
  x, kind = (self).leaf(x, True), 56 + half
  none = torch.empty([0])
  w, packed, kinds = [(self).operand(up, kind), none, a, (self).operand(down, kind), none, b], (self).no_layers(), [kind, kind]
  g = [torch.zeros_like(up), torch.zeros_like(a), torch.zeros_like(down), torch.zeros_like(b)]
  y = (self).feed_forward(x, 0, gated, activation, w, packed, kinds)
  (self).back(y, d, 2, g, w, packed, kinds)
  return (self).flat([y, (self).arrived(x), g[0], g[1], g[2], g[3]])

def feed_by_autograd(self, x: Tensor, up: Tensor, a: Tensor, down: Tensor, b: Tensor, d: Tensor, gated: int, activation: int) -> Tensor:
  x, up, a = (self).leaf(x, True), (self).leaf(up, True), (self).leaf(a, True)
  down, b = (self).leaf(down, True), (self).leaf(b, True)
  z = torch.linear(x, up, a)
  if gated == 1:
    gate, values = torch.chunk(z, 2, -1)
    h = torch.mul((self).activated(gate, activation), values)
  else:
    h = (self).activated(z, activation)
  y = torch.linear(h, down, b)
  torch.backward(y, d)
  return (self).flat([y, (self).arrived(x), (self).arrived(up), (self).arrived(a), (self).arrived(down), (self).arrived(b)])

# A pass that goes no way back: how many arrays and kinds it held, and how many there are once it is forgotten
def left_over(self, x: Tensor, up: Tensor, down: Tensor, heads: Tensor, triangle: Tensor) -> List[int]:
  x, q, none = (self).leaf(x, True), (self).leaf(heads, True), torch.empty([0])
  w, packed, kinds = [up, none, none, down, none, none], (self).no_layers(), [40, 40]
  y = (self).feed_forward(x, 0, 1, 3, w, packed, kinds)
  o = (self).attend_learning(q, q, q, [0, 7], triangle, 0, 0., w, kinds)
  z = (self).lin(x, 0, w, packed, kinds)
  held = [torch.len(w), torch.len(kinds)]
  (self).forget(6, 2, w, packed, kinds)
  return torch.add(held, [torch.len(w), torch.len(kinds)])
