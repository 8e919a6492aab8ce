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

# What is read and restored run by run: n elements of x from that one on, in order
def run_of(self, x: Tensor, start: int, n: int) -> Tensor:
  return torch.narrow(torch.reshape(torch.detach(x), [-1]), 0, start, n)

def put_run(self, x: Tensor, start: int, values: Tensor, n: int) -> None:
  _0 = torch.copy_(torch.narrow(torch.view(torch.detach(x), [-1]), 0, start, n), torch.narrow(values, 0, 0, n))
  return None
