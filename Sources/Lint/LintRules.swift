/// All rules, in the order in which lists and docs/rules.md have them: from the search for a loader to the end.
package enum LintRules {
    static let all: [any LintRule.Type] = [
        SparseSync.self, SynFrameAtLoader.self, SlowAfterReset.self, ResetInSession.self, HeaderOutOfStep.self,
        TerminalNotRaw.self, BaudMismatch.self, LeftAtHighBaud.self,
        AnswerNotAwaited.self, FIFOOverrun.self, CommandInReset.self, InputDiscarded.self, OutputFlushed.self,
        UnknownCommand.self, RequestOverLimit.self, TableOverrun.self,
        FlagNeither.self, FlagFromLength.self, DamagedFrameKept.self, LastFrameAgain.self, DownloadLeftOpen.self,
        EndlessDownload.self, CutAtPage.self,
        ShortBlock.self, BlockTwice.self, EOTOnce.self, EOTNotAcknowledged.self,
        MisalignedErase.self, NVWithoutBackup.self, NotVerified.self,
    ]

    /// What each is about.
    package static let summaries = all.map { $0.summary }
}
