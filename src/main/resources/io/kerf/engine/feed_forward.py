# The feed-forward part of a block: layer i, the activation, layer i + 1. Where it is gated, layer i is the gate's rows
# and below them the values' that pass it. x (N, D) -> (N, D)
def feed_forward(self, x: Tensor, i: int, gated: int, activation: int, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  if self.training:
    y = (self).feed_forward_learning(x, i, gated, activation, w, kinds)
  else:
    if gated == 1:
      h = (self).gated(x, i, activation, w, packed, kinds)
    else:
      h = (self).activate((self).lin(x, i, w, packed, kinds), activation)
    y = (self).lin(h, i + 1, w, packed, kinds)
  return y

# activation(x G^T) * (x U^T): x (M, in) -> (M, out). Layer i is G's rows and below them U's, or, where its kind
# is 32, both apart as oneDNN packs them: then the product is made in place.
def gated(self, x: Tensor, i: int, activation: int, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  if kinds[i] == 32:
    gate = ops.mkldnn._linear_pointwise(x, w[3 * i], None, "none", annotate(List[Optional[number]], []), "")
    up = ops.mkldnn._linear_pointwise(x, w[3 * i + 1], None, "none", annotate(List[Optional[number]], []), "")
    y = torch.mul_((self).activate(gate, activation), up)
  else:
    gate, up = torch.chunk((self).lin(x, i, w, packed, kinds), 2, -1)
    y = torch.mul((self).activate(gate, activation), up)
  return y

# The same while the model learns, as one step of way_back.py's way back: what stands between both layers is held as
# the product gave it and activated again on the way.
def feed_forward_learning(self, x: Tensor, i: int, gated: int, activation: int, w: List[Tensor], kinds: List[int]) -> Tensor:
  a = (self).operand(x, kinds[i])
  z = (self).learned_product(torch.detach(a), i, w, kinds)
  y = torch.to((self).learned_product((self).passed(z, gated, activation), i + 1, w, kinds), 6)
  wanted = ops.prim.requires_grad(a) or kinds[i] // 32 % 2 == 1 or kinds[i + 1] // 32 % 2 == 1
  return (self).hold_layer(a, z, y, 1 + 2 * activation + gated, i, i + 1, wanted, w, kinds)

# What layer i + 1 reads of layer i's product z
def passed(self, z: Tensor, gated: int, activation: int) -> Tensor:
  if gated == 1:
    gate, up = torch.chunk(z, 2, -1)
    y = torch.mul_((self).activated(gate, activation), up)
  else:
    y = (self).activated(z, activation)
  return y
