// The files, in the order in which they are listed. Each is a text: it ends with the zero behind it.
#include "embedded.h"

// It is of C23, which no other file needs.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const struct embedded_file files[] = {
    {"emulator/applications/openbeken.txt", (const unsigned char[]){
#embed "../../emulator/applications/openbeken.txt" suffix(, 0)
    }},
    {"emulator/applications/tuya.txt", (const unsigned char[]){
#embed "../../emulator/applications/tuya.txt" suffix(, 0)
    }},
    {"emulator/boards/axy2s.yaml", (const unsigned char[]){
#embed "../../emulator/boards/axy2s.yaml" suffix(, 0)
    }},
    {"emulator/boards/axyu.yaml", (const unsigned char[]){
#embed "../../emulator/boards/axyu.yaml" suffix(, 0)
    }},
    {"emulator/boards/evk.yaml", (const unsigned char[]){
#embed "../../emulator/boards/evk.yaml" suffix(, 0)
    }},
    {"emulator/boards/tnce-plug.yaml", (const unsigned char[]){
#embed "../../emulator/boards/tnce-plug.yaml" suffix(, 0)
    }},
    {"emulator/boards/wg236.yaml", (const unsigned char[]){
#embed "../../emulator/boards/wg236.yaml" suffix(, 0)
    }},
    {"emulator/chips/ecr6600.yaml", (const unsigned char[]){
#embed "../../emulator/chips/ecr6600.yaml" suffix(, 0)
    }},
    {"emulator/chips/flash-parts.yaml", (const unsigned char[]){
#embed "../../emulator/chips/flash-parts.yaml" suffix(, 0)
    }},
    {"emulator/flashers/mono.yaml", (const unsigned char[]){
#embed "../../emulator/flashers/mono.yaml" suffix(, 0)
    }},
    {"emulator/flashers/pyserial.yaml", (const unsigned char[]){
#embed "../../emulator/flashers/pyserial.yaml" suffix(, 0)
    }},
    {"emulator/flashers/solderless.yaml", (const unsigned char[]){
#embed "../../emulator/flashers/solderless.yaml" suffix(, 0)
    }},
    {"emulator/lessons/01-pads.md", (const unsigned char[]){
#embed "../../emulator/lessons/01-pads.md" suffix(, 0)
    }},
    {"emulator/lessons/02-wiring.md", (const unsigned char[]){
#embed "../../emulator/lessons/02-wiring.md" suffix(, 0)
    }},
    {"emulator/lessons/03-back-up.md", (const unsigned char[]){
#embed "../../emulator/lessons/03-back-up.md" suffix(, 0)
    }},
    {"emulator/lessons/04-power-window.md", (const unsigned char[]){
#embed "../../emulator/lessons/04-power-window.md" suffix(, 0)
    }},
    {"emulator/lessons/05-flash.md", (const unsigned char[]){
#embed "../../emulator/lessons/05-flash.md" suffix(, 0)
    }},
    {"emulator/lessons/06-verify.md", (const unsigned char[]){
#embed "../../emulator/lessons/06-verify.md" suffix(, 0)
    }},
    {"emulator/lessons/07-no-ground.md", (const unsigned char[]){
#embed "../../emulator/lessons/07-no-ground.md" suffix(, 0)
    }},
    {"emulator/lessons/08-adapter-1v8.md", (const unsigned char[]){
#embed "../../emulator/lessons/08-adapter-1v8.md" suffix(, 0)
    }},
    {"emulator/lessons/09-loose-wire.md", (const unsigned char[]){
#embed "../../emulator/lessons/09-loose-wire.md" suffix(, 0)
    }},
    {"emulator/lessons/10-restore.md", (const unsigned char[]){
#embed "../../emulator/lessons/10-restore.md" suffix(, 0)
    }},
    {"emulator/lessons/11-erase-all.md", (const unsigned char[]){
#embed "../../emulator/lessons/11-erase-all.md" suffix(, 0)
    }},
    {"emulator/lessons/12-another-chip.md", (const unsigned char[]){
#embed "../../emulator/lessons/12-another-chip.md" suffix(, 0)
    }},
    {"emulator/planted/careful.py", (const unsigned char[]){
#embed "../../emulator/planted/careful.py" suffix(, 0)
    }},
    {"emulator/planted/careful.yaml", (const unsigned char[]){
#embed "../../emulator/planted/careful.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/good-bench.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/good-bench.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/late-power.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/late-power.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/power-too-early.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/power-too-early.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/missing-ground.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/missing-ground.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/ground-joined-later.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/ground-joined-later.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/adapter-1v8.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/adapter-1v8.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/baud-460800.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/baud-460800.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/wrong-baud-691200-ch340.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/wrong-baud-691200-ch340.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/wrong-baud-3000000.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/wrong-baud-3000000.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/alternate-pads.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/alternate-pads.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/loose-rx.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/loose-rx.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/swapped-tx-rx.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/swapped-tx-rx.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/boot-chatter.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/boot-chatter.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/brown-out-in-erase.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/brown-out-in-erase.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/lost-ack.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/lost-ack.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/corrupt-block.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/corrupt-block.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/fifo-overrun.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/fifo-overrun.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/dead-after-stub.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/dead-after-stub.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/worn-sector.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/worn-sector.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/wrong-flash-id.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/wrong-flash-id.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/unplugged.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/unplugged.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/slow-adapter.yaml", (const unsigned char[]){
#embed "../../emulator/scenarios/slow-adapter.yaml" suffix(, 0)
    }},
    {"emulator/scenarios/scenario.schema.json", (const unsigned char[]){
#embed "../../emulator/scenarios/scenario.schema.json" suffix(, 0)
    }},
    {"Sources/Reports/Page/check.css", (const unsigned char[]){
#embed "../../Sources/Reports/Page/check.css" suffix(, 0)
    }},
    {"Sources/Story/Page/page.html", (const unsigned char[]){
#embed "../../Sources/Story/Page/page.html" suffix(, 0)
    }},
    {"Sources/Story/Page/page.css", (const unsigned char[]){
#embed "../../Sources/Story/Page/page.css" suffix(, 0)
    }},
    {"Sources/Story/Page/decode.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/decode.js" suffix(, 0)
    }},
    {"Sources/Story/Page/words.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/words.js" suffix(, 0)
    }},
    {"Sources/Story/Page/model.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/model.js" suffix(, 0)
    }},
    {"Sources/Story/Page/lanes.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/lanes.js" suffix(, 0)
    }},
    {"Sources/Story/Page/draw.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/draw.js" suffix(, 0)
    }},
    {"Sources/Story/Page/view.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/view.js" suffix(, 0)
    }},
    {"Sources/Story/Page/detail.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/detail.js" suffix(, 0)
    }},
    {"Sources/Story/Page/list.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/list.js" suffix(, 0)
    }},
    {"Sources/Story/Page/setup.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/setup.js" suffix(, 0)
    }},
    {"Sources/Story/Page/main.js", (const unsigned char[]){
#embed "../../Sources/Story/Page/main.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench.html", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench.html" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-board.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-board.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-cards.css", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-cards.css" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-chip.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-chip.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-elements.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-elements.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-faults.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-faults.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-flasher.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-flasher.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-flashmap.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-flashmap.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-layout.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-layout.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-lesson.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-lesson.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-live.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-live.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-main.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-main.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-markdown.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-markdown.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-parts.css", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-parts.css" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-parts.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-parts.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-player.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-player.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-scope.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-scope.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-setup.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-setup.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-state.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-state.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-story.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-story.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-waves.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-waves.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-wiring.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-wiring.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench-words.js", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench-words.js" suffix(, 0)
    }},
    {"Sources/Workbench/Page/bench.css", (const unsigned char[]){
#embed "../../Sources/Workbench/Page/bench.css" suffix(, 0)
    }},
};

const struct embedded_file *embedded_files(size_t *count) {
    *count = sizeof files / sizeof *files;
    return files;
}
