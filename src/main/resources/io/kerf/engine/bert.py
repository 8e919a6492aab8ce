# BERT (arXiv 1810.04805) and its kin RoBERTa, DistilBERT and ALBERT: learned positions, attention to both
# sides, norms after each half of a block.
# sizes: H, E, the blocks' activation, the head's. norms: weight and bias of the embeddings' norm, then of two a block, then of the head's.
# Linear layers: four a block (query, key and value as one; output; up; down), then the head's dense
# layer, ALBERT's projection of its embeddings, then the head's pieces.

def norm(self, x: Tensor, i: int, norms: List[Tensor], eps: float) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, 1)], norms[2 * i], norms[2 * i + 1], eps)

# The sum of a token's, its position's and its segment's embedding, normed: (N, embedding's width)
def embed(self, summed: Tensor, norms: List[Tensor], eps: float) -> Tensor:
  return (self).norm(summed, 0, norms, eps)

# Attention's half of block l over runs of sequences of equal length: x (N, D) -> (N, H E)
def attention(self, x: Tensor, l: int, counts: List[int], lengths: List[int], sizes: List[int], w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  heads, width = sizes[0], sizes[1]
  qkv = torch.reshape((self).lin(x, 4 * l, w, packed, kinds), [-1, 3, heads, width])
  q = torch.mul(torch.select(qkv, 1, 0), 1. / torch.sqrt(width))
  none = torch.empty([0], dtype=6)
  return (self).attend_both(q, torch.select(qkv, 1, 1), torch.select(qkv, 1, 2), none, counts, lengths)

# What follows attention in block l, row by row: x (N, D), attended (N, H E) -> (N, D)
def finish(self, x: Tensor, attended: Tensor, l: int, sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  x = (self).norm(torch.add(x, (self).lin(attended, 4 * l + 1, w, packed, kinds)), 2 * l + 1, norms, eps)
  f = (self).feed_forward(x, 4 * l + 2, 0, sizes[2], w, packed, kinds)
  return (self).norm(torch.add(x, f), 2 * l + 2, norms, eps)

# Blocks from start to end - 1
def run(self, x: Tensor, start: int, end: int, counts: List[int], lengths: List[int], sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  for l in range(start, end):
    attended = (self).attention(x, l, counts, lengths, sizes, w, packed, kinds)
    x = (self).finish(x, attended, l, sizes, norms, eps, w, packed, kinds)
  return x

# The last block, l, which the head reads in some rows alone: only these are finished. x (N, D) -> (R, D)
def run_last(self, x: Tensor, l: int, rows: Tensor, counts: List[int], lengths: List[int], sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  attended = torch.index_select((self).attention(x, l, counts, lengths, sizes, w, packed, kinds), 0, rows)
  return (self).finish(torch.index_select(x, 0, rows), attended, l, sizes, norms, eps, w, packed, kinds)

# The hidden states that the head reads: x (R, D) -> (R, embedding's width)
def read_out(self, x: Tensor, transform: int, sizes: List[int], norms: List[Tensor], eps: float, w: List[Tensor], packed: List[PackedLinear], kinds: List[int]) -> Tensor:
  h = (self).activate((self).lin(x, transform, w, packed, kinds), sizes[3])
  return (self).norm(h, (torch.len(norms) // 2) - 1, norms, eps)
