package io.kerf.model;

import io.kerf.name.Names;
import io.kerf.name.UnknownNameException;
import io.kerf.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * A model's linear layers by the names of the modules that hold them: all that an adapter may
 * change. GPT-2's queries, keys and values are three layers of one module.
 */
public final class AdapterLayers {
  private static final Set<Role> OUTSIDE =
      Set.of(Role.PROJECT_IN, Role.PROJECT_OUT, Role.HEAD_TRANSFORM, Role.HEAD);

  private final Model model;
  private final Map<String, List<AdapterTarget>> places = new LinkedHashMap<>(); // by layer's name
  private final Map<String, List<AdapterTarget>> modules = new LinkedHashMap<>(); // first places

  private AdapterLayers(Model model) {
    this.model = model;
    model.shared().keySet().stream().filter(OUTSIDE::contains).forEach(role -> add(-1, role));
    for (int block = 0; block < model.blocks().size(); block++) {
      for (Role role : model.blocks().get(block).parameters().keySet()) {
        if (role.isBlockLinear()) {
          add(block, role);
        }
      }
    }
  }

  /** Those of a model. */
  public static AdapterLayers of(Model model) {
    return new AdapterLayers(model);
  }

  private void add(int block, Role role) {
    AdapterTarget target = new AdapterTarget(block, role);
    if (parameterAt(target).weight() == null) {
      return; // a tied head
    }
    String name = model.layerName(role, block);
    List<AdapterTarget> same = places.computeIfAbsent(name, n -> new ArrayList<>());
    if (same.isEmpty()) {
      modules.computeIfAbsent(module(name), n -> new ArrayList<>()).add(target);
    }
    same.add(target);
  }

  /** The module of a layer: "c_attn" of "c_attn[query]". */
  static String module(String layer) {
    int bracket = layer.indexOf('[');
    return bracket < 0 ? layer : layer.substring(0, bracket);
  }

  /** Every layer once. */
  public List<AdapterTarget> all() {
    return modules.values().stream().flatMap(List::stream).toList();
  }

  /** The modules' names, as transformers has them: "model.layers.0.self_attn.q_proj". */
  public Set<String> modules() {
    return modules.keySet();
  }

  /** The layers that lie in that module, in the order in which they do; none if it is unknown. */
  List<AdapterTarget> in(String module) {
    return modules.getOrDefault(module, List.of());
  }

  /**
   * The layer of that name, with its part where its module holds several; null if there is none.
   */
  AdapterTarget layer(String name) {
    return places.containsKey(name) ? places.get(name).get(0) : null;
  }

  /** Hugging Face's name for a layer, "c_attn[query]" for one of several in a module. */
  public String name(AdapterTarget target) {
    return model.layerName(target.role(), target.block());
  }

  /** All places of that layer in the model: several where blocks share it. */
  List<AdapterTarget> places(AdapterTarget target) {
    return places.get(name(target));
  }

  /** (out, in). */
  public Shape shape(AdapterTarget target) {
    return parameter(target).weight().shape();
  }

  /**
   * What stands there.
   *
   * @throws IllegalArgumentException if the model has no such linear layer, saying what it has
   */
  Parameter parameter(AdapterTarget target) {
    int blocks = model.blocks().size();
    if (target.block() < -1 || target.block() >= blocks) {
      throw new IllegalArgumentException(
          said() + " has no block " + target.block() + "; it has " + blocks + ", counted from 0");
    }
    Parameter parameter = parameterAt(target);
    boolean adaptable =
        target.block() < 0 ? OUTSIDE.contains(target.role()) : target.role().isBlockLinear();
    if (parameter == null || parameter.weight() == null || !adaptable) {
      throw new IllegalArgumentException(
          said()
              + " has no linear layer "
              + target.role()
              + (target.block() < 0 ? " outside its blocks" : " in block " + target.block())
              + "; it has "
              + all().stream()
                  .filter(other -> other.block() == target.block())
                  .map(other -> other.role().name())
                  .collect(Collectors.joining(", ")));
    }
    return parameter;
  }

  private Parameter parameterAt(AdapterTarget target) {
    return target.block() < 0
        ? model.shared().get(target.role())
        : model.blocks().get(target.block()).parameters().get(target.role());
  }

  /**
   * The layers in the blocks that are asked for.
   *
   * @param what was asked for, for the error
   * @throws IllegalArgumentException if there are none
   */
  public List<AdapterTarget> where(String what, BiPredicate<Role, Stack> asked) {
    List<AdapterTarget> found =
        all().stream()
            .filter(t -> asked.test(t.role(), t.block() < 0 ? null : stack(t.block())))
            .toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          said() + " has no linear layers in " + what + "; it has " + String.join(", ", shorts()));
    }
    return found;
  }

  private Stack stack(int block) {
    return model.blocks().get(block).stack();
  }

  /**
   * The layers that a name means: a module's whole name, its last part ("q_proj", "mlp.up_proj"),
   * either with the part of it that is meant ("c_attn[value]"), or a role ("value").
   *
   * @throws UnknownNameException if the model has no such layer, with what may have been meant
   */
  public List<AdapterTarget> named(String name) {
    List<AdapterTarget> found =
        all().stream().filter(t -> means(name, name(t)) || means(name, module(name(t)))).toList();
    if (found.isEmpty()) {
      found = all().stream().filter(t -> t.role().name().equalsIgnoreCase(name)).toList();
    }
    if (found.isEmpty()) {
      throw unknown(name);
    }
    return found;
  }

  /** As PEFT has it: the whole name, or what stands behind a dot. */
  static boolean means(String name, String module) {
    return module.equals(name) || module.endsWith("." + name);
  }

  /** The error for a name that no layer has. */
  UnknownNameException unknown(String name) {
    boolean whole = Names.meant(name, shorts()).isEmpty() && name.indexOf('.') >= 0;
    Collection<String> known = whole ? modules.keySet() : shorts();
    List<String> meant = Names.meant(name, known);
    boolean tied = model.config().head().tied() && means(name, model.layerName(Role.HEAD, -1));
    return new UnknownNameException(
        "Unknown layer '"
            + name
            + "' of "
            + said()
            + "."
            + (meant.isEmpty() ? "" : " Did you mean: " + String.join(", ", meant) + "?")
            + (tied ? " Its head is its token embedding, which takes no adapter." : "")
            + " Linear layers of its "
            + model.blocks().size()
            + " blocks: "
            + String.join(", ", shorts()));
  }

  /** The last parts of all names, each once. */
  private List<String> shorts() {
    return modules.keySet().stream()
        .map(name -> name.substring(name.lastIndexOf('.') + 1))
        .distinct()
        .toList();
  }

  private String said() {
    return model.lineage().name() + " (" + model.config().family().modelType() + ")";
  }
}
