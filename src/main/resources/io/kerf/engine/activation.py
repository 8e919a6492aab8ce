# Between feed-forward layers: kind is Activation's ordinal. x is overwritten, unless the model learns.
def activate(self, x: Tensor, kind: int) -> Tensor:
  if self.training:
    y = (self).activated(x, kind)
  else:
    if kind == 0:
      y = torch.gelu_(x)
    else:
      if kind == 1:
        y = torch.gelu_(x, approximate="tanh")
      else:
        if kind == 2:
          y = torch.relu_(x)
        else:
          if kind == 3:
            y = torch.silu_(x)
          else:
            y = torch.mul_(x, torch.sigmoid(torch.mul(x, 1.702)))
  return y

def activated(self, x: Tensor, kind: int) -> Tensor:
  if kind == 0:
    y = torch.gelu(x)
  else:
    if kind == 1:
      y = torch.gelu(x, approximate="tanh")
    else:
      if kind == 2:
        y = torch.relu(x)
      else:
        if kind == 3:
          y = torch.silu(x)
        else:
          y = torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))
  return y
