# Linear layers, whatever their weights are held in. Layer i has three entries in w (weight, scales,
# bias: empty where it has none) and one in packed. kinds[i] is WeightFormat's ordinal.

# y (M, out) = x (M, in) W^T + b
def lin(self, x: Tensor, i: int, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  if self.training:
    y = (self).learning(x, i, w, kinds)
  else:
    y = (self).product(x, i, w, packed, kinds)
  return y

# The same by the kernel of the layer's format.
def product(self, x: Tensor, i: int, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  kind = kinds[i]
  weight = w[3 * i]
  bias = annotate(Optional[Tensor], None)
  if kind >= 16:
    bias = w[3 * i + 2]
    kind = kind - 16
  if kind == 0:
    y = torch.linear(x, weight, bias)
  else:
    if kind == 1:
      y = ops.mkldnn._linear_pointwise(x, weight, bias, "none", annotate(List[Optional[number]], []), "")
    else:
      if kind == 2:
        y = torch.to(ops.mkldnn._linear_pointwise(torch.to(x, 15), weight, bias, "none", annotate(List[Optional[number]], []), ""), 6)
      else:
        if kind == 3:
          y = (self).int8_lin(x, packed[i])
        else:
          y = torch.to(torch._weight_int4pack_mm_for_cpu(torch.to(x, 15), weight, 32, w[3 * i + 1]), 6)
        if torch.__isnot__(bias, None):
          y = torch.add_(y, unchecked_cast(Tensor, bias))
  return y

# The same while the model learns. Autograd ends at x and begins again at y: what lies between, this layer's
# product, is held and way_back.py takes it back from there. kinds[i]: 8, and 1 more where the product is made
# in bfloat16; 16 more with a bias; 32 more where the weight learns; 64 more where outputs are dropped at the rate
# w[3 i + 1].
def learning(self, x: Tensor, i: int, w: List[Tensor], kinds: List[int]) -> Tensor:
  a = (self).operand(x, kinds[i])
  y = torch.to((self).learned_product(torch.detach(a), i, w, kinds), 6)
  wanted = ops.prim.requires_grad(a) or kinds[i] // 32 % 2 == 1
  return (self).hold_layer(a, torch.empty([0]), y, 0, i, i, wanted, w, kinds)

# What the product of a layer of that kind reads
def operand(self, x: Tensor, kind: int) -> Tensor:
  if kind % 2 == 1:
    x = torch.to(x, 15)
  return x

# In the product's own type; autograd does not look on.
def learned_product(self, x: Tensor, i: int, w: List[Tensor], kinds: List[int]) -> Tensor:
  bias = annotate(Optional[Tensor], None)
  if kinds[i] // 16 % 2 == 1:
    bias = (self).operand(w[3 * i + 2], kinds[i])
  return ops.mkldnn._linear_pointwise(x, w[3 * i], bias, "none", annotate(List[Optional[number]], []), "")

# y as autograd begins again with it. Held are layer i's operand x, what lies inside (empty, or between two layers)
# and y; last is the layer whose outputs may be dropped.
def hold_layer(self, x: Tensor, inside: Tensor, y: Tensor, form: int, i: int, last: int, wanted: bool, w: List[Tensor], kinds: List[int]) -> Tensor:
  if torch.is_grad_enabled() and wanted:
    y = torch.requires_grad_(y)
    _0 = torch.append(kinds, i)
    (self).hold([x, inside, y], form, w, kinds)
  if kinds[last] // 64 % 2 == 1:
    y = torch.dropout(y, float(w[3 * last + 1]), True)
  return y

# Holds arrays for the way back, at the end of w; and at the end of kinds how many they are and of which step: 0 a
# layer, 1 + 2 activation + gated a feed-forward part, 15 attention. What else the step needs stands before those.
def hold(self, arrays: List[Tensor], form: int, w: List[Tensor], kinds: List[int]) -> None:
  _0 = torch.extend(w, arrays)
  _1 = torch.append(kinds, torch.len(arrays))
  _2 = torch.append(kinds, form)
  return None

# x y and x + y. While a model learns nothing may be overwritten; otherwise x is.
def times(self, x: Tensor, y: Tensor) -> Tensor:
  if self.training:
    z = torch.mul(x, y)
  else:
    z = torch.mul_(x, y)
  return z

def plus(self, x: Tensor, y: Tensor) -> Tensor:
  if self.training:
    z = torch.add(x, y)
  else:
    z = torch.add_(x, y)
  return z

def sum_of(self, x: Tensor, y: Tensor) -> Tensor:
  return torch.add(x, y)

def scaled_by(self, x: Tensor, factor: float) -> Tensor:
  return torch.mul(x, factor)

# Every row of x is divided by its largest magnitude and rounded to steps of 1 / 127, so that no row's
# outliers cost another row its digits and a result does not depend on what else is in the batch.
def int8_lin(self, x: Tensor, layer: PackedLinear) -> Tensor:
  largest = torch.clamp(torch.maximum(torch.amax(x, [1], True), torch.neg(torch.amin(x, [1], True))), 1e-20)
  y = ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(torch.div(x, largest), 0.007874015748031496, 128, layer)
  return torch.mul_(y, largest)

# float32 (out, in) -> the layout oneDNN multiplies with
def pack_float32(self, weight: Tensor, rows: int) -> Tensor:
  return ops.mkldnn._reorder_linear_weight(weight, rows)

def pack_bfloat16(self, weight: Tensor, rows: int) -> Tensor:
  return ops.mkldnn._reorder_linear_weight(torch.to(weight, 15), rows)

def bfloat16(self, x: Tensor) -> Tensor:
  return torch.to(x, 15)

# float32 (out, in) -> int8 codes, one symmetric scale a row: scale = max |w| / 127
def int8_codes(self, weight: Tensor) -> Tensor:
  largest = torch.amax(torch.abs(weight), [1])
  scale = torch.where(torch.eq(largest, 0.), torch.ones_like(largest), torch.div(largest, 127.))
  return torch.quantize_per_channel(weight, scale, torch.zeros_like(scale, dtype=4), 0, 12)

def pack_int8(self, weight: Tensor) -> PackedLinear:
  return ops.quantized.linear_prepack((self).int8_codes(weight), None)

def no_layers(self) -> List[PackedLinear]:
  return annotate(List[PackedLinear], [])

def pack_nothing(self) -> PackedLinear:
  return (self).pack_int8(torch.ones([4, 4]))

def add_layer(self, layers: List[PackedLinear], layer: PackedLinear) -> None:
  _0 = torch.append(layers, layer)
  return None

# a layer that several blocks or models share
def add_again(self, layers: List[PackedLinear], holding: List[PackedLinear], i: int) -> None:
  _0 = torch.append(layers, holding[i])
  return None

# float32 (out, in) -> 4-bit codes in groups of 32 columns with a scale and a mid-point in bfloat16
def pack_int4(self, weight: Tensor) -> Tuple[Tensor, Tensor]:
  rows = torch.size(weight, 0)
  groups = torch.reshape(weight, [rows, -1, 32])
  low = torch.amin(groups, [2], True)
  scale = torch.div(torch.clamp(torch.sub(torch.amax(groups, [2], True), low), 1.0000000000000001e-05), 15.)
  codes = torch.to(torch.clamp(torch.round(torch.div(torch.sub(groups, low), scale)), 0, 15), 3)
  middle = torch.add(low, torch.mul(scale, 8.))
  pairs = torch.cat([torch.reshape(scale, [rows, -1, 1]), torch.reshape(middle, [rows, -1, 1])], 2)
  return (torch._convert_weight_to_int4pack_for_cpu(torch.reshape(codes, [rows, -1]), 2), torch.to(torch.contiguous(torch.transpose(pairs, 0, 1)), 15))

# a new float32 array of n numbers, to be filled by runs
def empty(self, n: int) -> Tensor:
  return torch.empty([n], dtype=6)

def zeros(self, sizes: List[int]) -> Tensor:
  return torch.zeros(sizes, dtype=6)

# copies the first n numbers of a staging array to place at of a flat array
def put(self, into: Tensor, at: int, staged: Tensor, n: int) -> None:
  _0 = torch.copy_(torch.narrow(into, 0, at, n), torch.narrow(staged, 0, 0, n))
  return None

def shaped(self, flat: Tensor, sizes: List[int]) -> Tensor:
  return torch.reshape(flat, sizes)
