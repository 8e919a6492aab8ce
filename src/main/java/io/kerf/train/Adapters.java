package io.kerf.train;

import io.kerf.engine.TrainingSession;
import io.kerf.engine.WeightChange.LowRank;
import io.kerf.model.Adapter;
import io.kerf.model.AdapterTarget;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adapters as they were learned, put beside the weights that they were learned for. */
final class Adapters {
  private Adapters() {}

  static Model beside(Model model, Lora lora, TrainingSession session, Lineage.Step step) {
    Map<AdapterTarget, Adapter.Factors> factors = new LinkedHashMap<>();
    for (AdapterTarget target : lora.targets().in(model)) {
      LowRank learned = session.adapter(target.block(), target.role());
      factors.put(target, new Adapter.Factors(learned.a(), learned.b()));
    }
    return Adapter.of(model, lora.rank(), lora.alpha(), false, factors).applyTo(model, step);
  }
}
