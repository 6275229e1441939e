using Threadkeep.Channels;
using Threadkeep.WhatsApp;

namespace Threadkeep.Grains.Tests.Channels;

public sealed class GraphRefusalTests
{
    // Cloud API, "Error codes", with the HTTP status of Meta's list.
    [Theory]
    [InlineData(0, 401, "access_token_wrong")]
    [InlineData(190, 401, "access_token_wrong")]
    [InlineData(133005, 400, "pin_wrong")]
    [InlineData(133006, 400, "number_not_verified")]
    [InlineData(133008, 400, "pin_locked")]
    [InlineData(133009, 400, "pin_locked")]
    [InlineData(133016, 400, "register_limit")]
    [InlineData(2593107, 400, "history_asked_already")]
    [InlineData(2593108, 400, "history_too_late")]
    [InlineData(133004, 503, "meta_unreachable")]
    [InlineData(133015, 400, "meta_refused")]
    [InlineData(2388019, 400, "meta_refused")]
    [InlineData(null, 400, "meta_refused")]
    public void A_code_of_Metas_has_one_of_ours_and_Metas_words_stay(int? code, int http, string ours)
    {
        var failed = new GraphException("Refused.", new GraphFailure(http, code, "In Meta's words."));
        GraphRefusal.Of(failed, ChannelRefusals.MetaRefused).ShouldBe(new ChannelRefusal(ours, "In Meta's words."));
    }

    [Fact]
    public void Where_Meta_cannot_be_reached_nobody_says_a_word() =>
        GraphRefusal
            .Of(new GraphException("No route.", null), ChannelRefusals.MetaRefused)
            .ShouldBe(new ChannelRefusal(ChannelRefusals.MetaUnreachable));

    [Fact]
    public void A_token_that_is_looked_at_by_itself_is_named_by_whoever_asks() =>
        GraphRefusal
            .Of(new GraphException("Refused.", new GraphFailure(401, 190, null)), ChannelRefusals.SecretWrong)
            .Code.ShouldBe(ChannelRefusals.SecretWrong);
}
