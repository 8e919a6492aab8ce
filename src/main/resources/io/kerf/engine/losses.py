# Losses, and what they leave for the way back.

# The loss's derivative by logits z (R, V), each row's label t (R), and what it is: hard of cross entropy, and soft
# T^2 KL(teacher || student) at temperature T, where there are a teacher's logits. -> (dz, sums (2): of both losses)
def derivative(self, z: Tensor, t: Tensor, teacher: Tensor, hard: float, soft: float, temperature: float) -> Tuple[Tensor, Tensor]:
  rows = torch.arange(torch.size(z, 0), dtype=4)
  place = torch.add(torch.mul(rows, torch.size(z, 1)), t)
  dz = torch.softmax(z, -1)
  sums = torch.reshape((self).mass(z, dz), [-1])
  entropy = torch.sum(torch.sub(sums, torch.index_select(torch.reshape(z, [-1]), 0, place)), dtype=7)
  divergence = torch.zeros([], dtype=7)
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
    # The scale waits for what is small: a pass over all logits costs as much as a tenth of their product.
    dh = (self).back_layer(dz, (self).operand(x, kinds[head]), head, True, scale, g, w, kinds)
    _0 = torch.append(found, torch.mul(torch.to(dh, 6), scale))
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
