# Optimizers: p what learns, g its gradients, m and v moments, all in float32.

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

def fill(self, x: Tensor, value: float) -> None:
  _0 = torch.fill_(x, value)
  return None
