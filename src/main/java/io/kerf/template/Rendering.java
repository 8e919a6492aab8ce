package io.kerf.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One row put into a template. */
final class Rendering {
  private static final int MAX_CHARACTERS = 1 << 24;

  private final Evaluation evaluation = new Evaluation();
  private final StringBuilder out = new StringBuilder();

  static String of(List<Piece> pieces, Map<?, ?> row) {
    Rendering rendering = new Rendering();
    rendering.pieces(pieces, Scope.of(row));
    return rendering.out.toString();
  }

  private void pieces(List<Piece> pieces, Scope scope) {
    for (Piece piece : pieces) {
      piece(piece, scope);
      if (out.length() > MAX_CHARACTERS) {
        throw new TemplateException("it gives more than " + MAX_CHARACTERS + " characters");
      }
    }
  }

  private void piece(Piece piece, Scope scope) {
    if (piece instanceof Piece.Text text) {
      out.append(text.text());
    } else if (piece instanceof Piece.Output output) {
      out.append(PythonText.str(evaluation.value(output.value(), scope)));
    } else if (piece instanceof Piece.If conditional) {
      for (Piece.Branch branch : conditional.branches()) {
        if (branch.condition() == null
            || Values.truth(evaluation.value(branch.condition(), scope))) {
          pieces(branch.body(), scope);
          break;
        }
      }
    } else if (piece instanceof Piece.For loop) {
      loop(loop, scope);
    } else if (piece instanceof Piece.Assign assign) {
      Object value = evaluation.value(assign.value(), scope);
      assign(assign.targets(), value, scope);
    } else if (piece instanceof Piece.Capture capture) {
      int from = out.length();
      pieces(capture.body(), scope.inner());
      scope.set(capture.target(), out.substring(from));
      out.setLength(from);
    }
  }

  private void loop(Piece.For loop, Scope scope) {
    List<Object> items = new ArrayList<>();
    for (Object item : Values.items(evaluation.value(loop.items(), scope))) {
      evaluation.step();
      Scope inner = scope.inner();
      assign(loop.targets(), item, inner);
      if (loop.filter() == null || Values.truth(evaluation.value(loop.filter(), inner))) {
        items.add(item);
      }
    }
    for (int i = 0; i < items.size(); i++) {
      evaluation.step();
      Scope inner = scope.inner();
      inner.set("loop", position(items, i));
      assign(loop.targets(), items.get(i), inner);
      pieces(loop.body(), inner);
    }
    if (items.isEmpty()) {
      pieces(loop.otherwise(), scope.inner());
    }
  }

  private static Map<String, Object> position(List<Object> items, int i) {
    Map<String, Object> loop = new LinkedHashMap<>();
    long size = items.size();
    loop.put("index", i + 1L);
    loop.put("index0", (long) i);
    loop.put("revindex", size - i);
    loop.put("revindex0", size - i - 1);
    loop.put("first", i == 0);
    loop.put("last", i == size - 1);
    loop.put("length", size);
    if (i > 0) {
      loop.put("previtem", items.get(i - 1));
    }
    if (i < size - 1) {
      loop.put("nextitem", items.get(i + 1));
    }
    return loop;
  }

  private void assign(List<String> targets, Object value, Scope scope) {
    if (targets.size() == 1) {
      assign(targets.get(0), value, scope);
      return;
    }
    List<Object> values = Values.items(value);
    if (values.size() != targets.size()) {
      throw new TemplateException(
          targets.size() + " names " + targets + " cannot take " + values.size() + " values");
    }
    for (int i = 0; i < values.size(); i++) {
      assign(targets.get(i), values.get(i), scope);
    }
  }

  private void assign(String target, Object value, Scope scope) {
    int dot = target.indexOf('.');
    if (dot < 0) {
      scope.set(target, value);
    } else if (scope.get(target.substring(0, dot)) instanceof Evaluation.Namespace namespace) {
      namespace.names().put(target.substring(dot + 1), value);
    } else {
      throw new TemplateException("'" + target.substring(0, dot) + "' is no namespace()");
    }
  }
}
